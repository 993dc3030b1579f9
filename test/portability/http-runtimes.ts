// Asks the cases over HTTP: of a Node server by TLS, and of the Worker in workerd.
import { createServerFace, type ServerFace } from '../golden/server-face.ts';
import { createWorkerFace } from '../runtimes/worker/worker-face.ts';
import type { GoldenSystem } from './golden-systems.ts';
import type { PortableCase } from './suite-input.ts';

/** Status and text of each answer, by the case's id. */
export interface HttpAnswers {
  readonly node: ReadonlyMap<string, string>;
  readonly workerd: ReadonlyMap<string, string>;
}

/** Asks both, one after the other. */
export const askOverHttp = async (
  { configurationText }: GoldenSystem,
  cases: readonly PortableCase[],
): Promise<HttpAnswers> => {
  const goldens = cases.map(({ golden }) => golden);
  return {
    node: await askAll(cases, createServerFace(configurationText)),
    workerd: await askAll(cases, await createWorkerFace(goldens, configurationText)),
  };
};

const askAll = async (cases: readonly PortableCase[], face: ServerFace): Promise<ReadonlyMap<string, string>> => {
  try {
    const answers = new Map<string, string>();
    for (const { id, golden } of cases) {
      const { status, text } = await face.post(golden);
      answers.set(id, `${status} ${text}`);
    }
    return answers;
  } finally {
    await face.stop();
  }
};
