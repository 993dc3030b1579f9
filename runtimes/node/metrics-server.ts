// Serves the metrics by plain HTTP on a port of their own.
import { createServer } from 'node:http';
import { addressOf, listen } from './listen.ts';
import type { ListenAddress } from './listen-address.ts';
import type { Metrics } from './metrics.ts';

/** A server of metrics. */
export interface MetricsServer {
  readonly address: ListenAddress;
  readonly close: () => Promise<void>;
}

/**
 * Starts to serve `GET /metrics`.
 *
 * @throws {Fault} `server.listen`
 */
export const startMetricsServer = async (metrics: Metrics, address: ListenAddress): Promise<MetricsServer> => {
  const server = createServer({ requestTimeout: 10_000, headersTimeout: 10_000 }, async (request, response) => {
    request.resume();
    const [route] = (request.url ?? '').split('?', 1);
    if (route !== '/metrics') {
      response.writeHead(404, { 'content-type': 'text/plain' }).end('metrics are at /metrics\n');
    } else if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.writeHead(405, { allow: 'GET, HEAD' }).end();
    } else {
      const { contentType, text } = await metrics.render();
      response.writeHead(200, { 'content-type': contentType }).end(text);
    }
  });
  await listen(server, address, 'metricsListen');
  return {
    address: addressOf(server),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};
