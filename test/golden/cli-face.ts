// `podgraft inject` as a face: the recorded object goes in as a manifest and comes out injected.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exitCodes } from '../../cli/exit-code.ts';
import { run } from '../../cli/run.ts';
import { type AdmissionResponseReview, isObject, type JsonObject, own } from '../../core/index.ts';
import type { GoldenCase } from './golden-case.ts';
import type { Face, Reply } from './run-cases.ts';

/** The face, and how it ends. */
export interface CliFace extends Face {
  readonly stop: () => void;
}

/** Makes the face. It takes plain requests only: the creation of a Pod in a namespace, as a well-formed review. */
export const createCliFace = (configurationText: (golden: GoldenCase) => string): CliFace => {
  const folder = mkdtempSync(join(tmpdir(), 'podgraft-golden-cli-'));
  const files = new Map<string, string>();
  const fileFor = (text: string): string => {
    const file = files.get(text) ?? join(folder, `${files.size}.yaml`);
    if (!files.has(text)) {
      writeFileSync(file, text);
      files.set(text, file);
    }
    return file;
  };
  return {
    name: 'podgraft inject',
    takes: isPlain,
    ask: (golden) => inject(golden, fileFor(configurationText(golden))),
    stop: () => rmSync(folder, { recursive: true }),
  };
};

const isPlain = ({ request, response }: GoldenCase): boolean =>
  request.object !== undefined &&
  request.rawBody === undefined &&
  request.headers === undefined &&
  request.reviewVersion === undefined &&
  response.allowed !== null &&
  isObject(request['kind']) &&
  own(request['kind'], 'kind') === 'Pod' &&
  own(request.object, 'kind') === 'Pod' &&
  request['operation'] === 'CREATE' &&
  (request.namespace ?? '') !== '';

const inject = async (golden: GoldenCase, config: string): Promise<Reply> => {
  const object = golden.request.object ?? {};
  const namespace = golden.request.namespace ?? '';
  const args = ['inject', '-f', '-', '--config', config, '--namespace', namespace, '--no-service-account', '--quiet'];
  const review = await call([...args, '-o', 'review'], object);
  const { response } = JSON.parse(review.out) as AdmissionResponseReview;
  if (!response.allowed) {
    return { message: response.status?.message ?? '' };
  }
  const { code, out, err } = await call(args, object);
  if (code !== exitCodes.ok.code) {
    throw new Error(`exit code ${code}: ${err}`);
  }
  return { object: JSON.parse(out) as JsonObject };
};

const call = async (
  args: readonly string[],
  object: JsonObject,
): Promise<{ code: number; out: string; err: string }> => {
  const out: string[] = [];
  const err: string[] = [];
  const collect = (texts: string[]) => ({ write: (text: string) => texts.push(text) > 0 });
  const code = await run(args, {
    stdout: collect(out),
    stderr: collect(err),
    readStdin: async () => new TextEncoder().encode(JSON.stringify(object)),
    environment: {},
    colour: { stdout: false, stderr: false },
    signals: { on: () => {}, off: () => {} },
    openLog: () => ({ output: collect(out), flush: () => {} }),
  });
  return { code, out: out.join(''), err: err.join('') };
};
