// A few files that are a bundle as far as signatures and archives care.
import type { BundleFiles } from '../../../core/bundle/parse-files.ts';

/** The bytes of a text. */
export const bytesOf = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);

/** Makes files of texts. */
export const filesOf = (texts: Readonly<Record<string, string | Uint8Array>>): BundleFiles =>
  new Map(Object.entries(texts).map(([name, text]) => [name, typeof text === 'string' ? bytesOf(text) : text]));

/** Some of each kind. */
export const smallFiles: BundleFiles = filesOf({
  '.manifest': '{"revision": "r1", "roots": ["podgraft"], "metadata": {"z": 1, "a": [1.0, 1e2, -0]}}',
  'data.json': '{"podgraft": {"config": {"b": {"ü": "\\u2028 <&>"}, "a": [], "": null}, "😀": 1, "\\uffff": 2}}',
  'policy.wasm': Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0),
  'templates/one/template.yaml': 'kind: InjectionTemplate\n',
  'schemas/one.json': '{ "type": "object" }',
  'cases/one/empty.yaml': '',
});

/** The same files with one other. */
export const withFile = (name: string, content: string, files: BundleFiles = smallFiles): BundleFiles =>
  new Map([...files, [name, bytesOf(content)]]);

/** The same files without one. */
export const withoutFile = (name: string, files: BundleFiles = smallFiles): BundleFiles =>
  new Map([...files].filter(([other]) => other !== name));
