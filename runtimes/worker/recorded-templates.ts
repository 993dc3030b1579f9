// Templates that were compiled at build: a Worker's start need not find out once more that they do.
import type { Bundle } from '../../core/bundle/bundle.ts';
import type { BundleFiles } from '../../core/bundle/parse-files.ts';
import { own } from '../../core/json.ts';
import { type RecordedTemplate, recordTemplate } from '../../core/template/compile.ts';
import { hashFiles } from './digest.ts';

/** Recorded templates by the SHA-256 of their text, so that a changed text is never taken for an old one. */
export type RecordedTemplates = Readonly<Record<string, RecordedTemplate>>;

/**
 * Compiles and records the templates of a bundle.
 *
 * @throws {Fault} `template.*`
 */
export const recordTemplates = async (files: BundleFiles): Promise<RecordedTemplates> => {
  const templates = new Map([...files].filter(([name]) => name.startsWith('templates/')));
  const hashes = await hashFiles(templates);
  return Object.fromEntries(
    [...templates].map(([name, content]) => {
      const text = new TextDecoder('utf-8', { fatal: true }).decode(content);
      return [hashes.get(name) ?? '', recordTemplate(name, text)];
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
