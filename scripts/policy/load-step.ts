// Loads the built bundle as the webhook does: templates are compiled, the configuration is checked, its cases are run.
import { basename } from 'node:path';
import { Fault } from '../../core/errors.ts';
import { createInjector } from '../../core/injector.ts';
import { selfTest } from '../../core/self-test.ts';
import { readFolder } from '../../runtimes/node/bundle-folder.ts';
import { openBundle } from '../../runtimes/node/open-bundle.ts';
import type { Problem } from '../../tools/opa/host.ts';
import type { StepResult } from './steps.ts';

/** Loads the bundle in the target folder; a fault in it is placed in the file of the policies that it came from. */
export const loadStep = async (target: string, folder: string): Promise<StepResult> => {
  try {
    const files = await readFolder(target);
    const { bundle, cases } = await openBundle({ files, at: (name) => name });
    const { digest, warnings } = await createInjector({ bundle });
    await selfTest(bundle, cases);
    const summary = `${cases.length} cases, ${digest.slice(0, 'sha256:'.length + 12)}`;
    return { problems: [], summary: [summary, ...warnings].join('\n  ') };
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
  file
    .replace(/^templates\//, `${folder}/`)
    .replace(/^cases\/([^/]+)\//, `${folder}/$1/cases/`)
    .replace(/^schemas\/([^/]+)\.json$/, `${folder}/$1/config.schema.json`);
