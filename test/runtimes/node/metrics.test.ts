// The metrics, and the port that serves them.
import { describe, expect, it, onTestFinished } from 'vitest';
import { Fault } from '../../../core/errors.ts';
import { formatAddress } from '../../../runtimes/node/listen.ts';
import { createMetrics } from '../../../runtimes/node/metrics.ts';
import { startMetricsServer } from '../../../runtimes/node/metrics-server.ts';
import { reviewBody } from './https-client.ts';
import { type StandIn, standInInjector } from './stand-in-injector.ts';

const review = async (standIn: StandIn, milliseconds: number) => ({
  review: await standInInjector(standIn).review(new TextEncoder().encode(reviewBody('a'))),
  status: 200 as const,
  milliseconds,
});

const operation = { operation: { op: 'add', path: '/spec/x', value: 'y'.repeat(500) } } as never;

describe('metrics', () => {
  it('count reviews by outcome, system and code', async () => {
    const metrics = createMetrics();
    const codes = [
      { system: 'one', code: 'a' },
      { system: 'two', code: 'b' },
    ];
    metrics.observe(await review({ review: { outcome: 'denied', codes } }, 1));
    metrics.observe(await review({ review: { outcome: 'denied', codes: codes.slice(1) } }, 1));
    metrics.observe(await review({}, 1));
    const { text } = await metrics.render();
    expect(text).toContain('podgraft_reviews_total{outcome="denied"} 2\n');
    expect(text).toContain('podgraft_reviews_total{outcome="skipped"} 1\n');
    expect(text).toContain('podgraft_review_codes_total{outcome="denied",system="one",code="a"} 1\n');
    expect(text).toContain('podgraft_review_codes_total{outcome="denied",system="two",code="b"} 2\n');
  });

  it('measure from a quarter of a millisecond to ten seconds', async () => {
    const metrics = createMetrics();
    for (const milliseconds of [0.2, 0.25, 0.3, 9_999, 20_000]) {
      metrics.observe(await review({}, milliseconds));
    }
    const { text } = await metrics.render();
    const bucket = (le: string) => `podgraft_review_duration_seconds_bucket{le="${le}",outcome="skipped"}`;
    expect(text).toContain(`${bucket('0.00025')} 2\n`);
    expect(text).toContain(`${bucket('0.0005')} 3\n`);
    expect(text).toContain(`${bucket('10')} 4\n`);
    expect(text).toContain(`${bucket('+Inf')} 5\n`);
  });

  it('measure the patch in bytes, before base64', async () => {
    const metrics = createMetrics();
    const event = await review({ review: { outcome: 'injected', operations: [operation] } }, 1);
    metrics.observe(event);
    metrics.observe(await review({}, 1));
    const bytes = Buffer.from(event.review.response.response.patch ?? '', 'base64').byteLength;
    const { text } = await metrics.render();
    const sum = Number(/podgraft_patch_bytes_sum (\d+)/.exec(text)?.[1]);
    expect(Math.abs(sum - bytes)).toBeLessThanOrEqual(2);
    expect(text).toContain('podgraft_patch_bytes_count 1\n');
  });

  it('count faults by code and status', async () => {
    const metrics = createMetrics();
    metrics.observe({ fault: new Fault('review.json', 'secret'), status: 400, milliseconds: 1 });
    const { text } = await metrics.render();
    expect(text).toContain('podgraft_faults_total{code="review.json",status="400"} 1\n');
    expect(text).not.toContain('secret');
  });

  it('tell the bundle, the certificate and the reloads, from the start', async () => {
    const metrics = createMetrics();
    metrics.setBundle('sha256:one');
    metrics.setBundle('sha256:two');
    metrics.setCertificate(1_900_000_000_500);
    const before = (await metrics.render()).text;
    expect(before).toContain('podgraft_bundle_info{digest="sha256:two"} 1\n');
    expect(before).not.toContain('sha256:one');
    expect(before).toContain('podgraft_certificate_expiry_timestamp_seconds 1900000000.5\n');
    expect(before).toContain('podgraft_reloads_total{what="policy",result="failure"} 0\n');
    expect(before).toContain('podgraft_reload_succeeded{what="policy"} 1\n');
    metrics.reloaded('policy', false);
    metrics.reloaded('certificate', true);
    const after = (await metrics.render()).text;
    expect(after).toContain('podgraft_reloads_total{what="policy",result="failure"} 1\n');
    expect(after).toContain('podgraft_reload_succeeded{what="policy"} 0\n');
    expect(after).toContain('podgraft_reloads_total{what="certificate",result="success"} 1\n');
    expect(after).toContain('podgraft_reload_succeeded{what="certificate"} 1\n');
  });

  it('stand beside those of the process, twice without a clash', async () => {
    const texts = await Promise.all([createMetrics(), createMetrics()].map((metrics) => metrics.render()));
    for (const { text } of texts) {
      expect(text).toContain('process_resident_memory_bytes ');
      expect(text).toContain('nodejs_eventloop_lag_seconds ');
    }
  });
});

describe('the port of the metrics', () => {
  it('serves them at /metrics by plain HTTP, and nothing else', async () => {
    const server = await startMetricsServer(createMetrics(), { host: '127.0.0.1', port: 0 });
    onTestFinished(() => server.close());
    const url = `http://${formatAddress(server.address)}`;
    const found = await fetch(`${url}/metrics?x=1`);
    expect(found.status).toBe(200);
    expect(found.headers.get('content-type')).toContain('text/plain; version=0.0.4');
    expect(await found.text()).toContain('# TYPE podgraft_reviews_total counter');
    expect((await fetch(`${url}/metrics`, { method: 'POST', body: 'x' })).status).toBe(405);
    expect((await fetch(`${url}/mutate`)).status).toBe(404);
    expect((await fetch(`${url}/`)).status).toBe(404);
  });
});
