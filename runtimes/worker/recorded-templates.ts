// Templates that were parsed at build: reading them again is a tenth of the work of a Worker's start.
import type { Bundle } from '../../core/bundle/bundle.ts';
import type { BundleFiles } from '../../core/bundle/parse-files.ts';
import { own } from '../../core/json.ts';
import { parseYaml } from '../../core/template/parse.ts';
import { type RecordedYaml, recordYaml } from '../../core/template/recorded-yaml.ts';
import { hashFiles } from './digest.ts';

/** Parsed templates by the SHA-256 of their text, so that a changed text is never taken for an old one. */
export type RecordedTemplates = Readonly<Record<string, RecordedYaml>>;

/**
 * Parses the templates of a bundle.
 *
 * @throws {Fault} `template.yaml`
 */
export const recordTemplates = async (files: BundleFiles): Promise<RecordedTemplates> => {
  const templates = new Map([...files].filter(([name]) => name.startsWith('templates/')));
  const hashes = await hashFiles(templates);
  return Object.fromEntries(
    [...templates].map(([name, content]) => {
      const text = new TextDecoder('utf-8', { fatal: true }).decode(content);
      return [hashes.get(name) ?? '', recordYaml(parseYaml(text, name))];
    }),
  );
};

/** Adds to the templates of a bundle what is recorded of their texts. */
export const withRecorded = (
  bundle: Bundle,
  recorded: RecordedTemplates,
  hashes: ReadonlyMap<string, string>,
): Bundle => ({
  ...bundle,
  templates: bundle.templates.map((template) => {
    const found = own(recorded, hashes.get(template.file) ?? '');
    return found === undefined ? template : { ...template, recorded: found };
  }),
});
