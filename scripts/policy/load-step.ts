// Loads the built bundle as the webhook does: templates are compiled, the configuration is checked, one pod reviewed.
import { basename } from 'node:path';
import { Fault } from '../../core/errors.ts';
import { createInjector } from '../../core/injector.ts';
import { loadBundle } from '../../runtimes/node/bundle-folder.ts';
import type { Problem } from '../../tools/opa/host.ts';
import type { StepResult } from './steps.ts';

/** Loads the bundle in the target folder; a fault in it is placed in the file of the policies that it came from. */
export const loadStep = async (target: string, folder: string): Promise<StepResult> => {
  try {
    const { digest, warnings } = await createInjector({ bundle: await loadBundle(target) });
    return { problems: [], summary: [digest.slice(0, 'sha256:'.length + 12), ...warnings].join('\n  ') };
  } catch (thrown) {
    if (thrown instanceof Fault) {
      return { problems: [problemOf(thrown, basename(folder))], summary: 'the bundle cannot be loaded' };
    }
    throw thrown;
  }
};

const problemOf = ({ code, message, at = {} }: Fault, folder: string): Problem => {
  const { file, line, column } = at;
  return {
    code,
    message,
    ...(file === undefined ? {} : { file: sourceOf(file, folder) }),
    ...(line === undefined ? {} : { line }),
    ...(column === undefined ? {} : { column }),
  };
};

const sourceOf = (file: string, folder: string): string =>
  file.replace(/^templates\//, `${folder}/`).replace(/^schemas\/([^/]+)\.json$/, `${folder}/$1/config.schema.json`);
