// Compiles the templates of the sources, for what is wrong with them.
import { basename } from 'node:path';
import { Fault } from '../../core/errors.ts';
import { compileTemplate } from '../../core/template/compile.ts';
import type { Problem } from '../../tools/opa/host.ts';
import type { PolicySources } from './sources.ts';

/** What is wrong with the templates, each at its line in the source. */
export const checkTemplates = ({ folder, extras }: PolicySources): readonly Problem[] => {
  const names = new Map<string, string>();
  return Object.entries(extras).flatMap(([path, text]) => {
    const [, system, name] = /^templates\/([^/]+)\/(.+)$/.exec(path) ?? [];
    if (system === undefined) {
      return [];
    }
    const file = `${basename(folder)}/${system}/${name}`;
    try {
      const template = compileTemplate(file, text);
      const other = names.get(`${system}/${template.name}`);
      names.set(`${system}/${template.name}`, file);
      const message = `the template ${template.name} is in ${other} as well`;
      return other === undefined ? [] : [{ code: 'template.name', message, file, line: 1 }];
    } catch (thrown) {
      return problemsOf(thrown);
    }
  });
};

const problemsOf = (thrown: unknown): readonly Problem[] => {
  if (!(thrown instanceof Fault)) {
    throw thrown;
  }
  return [thrown, ...thrown.others].map(({ code, message, at = {} }) => {
    const { file, line, column } = at;
    return {
      code,
      message,
      ...(file === undefined ? {} : { file }),
      ...(line === undefined ? {} : { line }),
      ...(column === undefined ? {} : { column }),
    };
  });
};
