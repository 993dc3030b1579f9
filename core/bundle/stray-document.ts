// Finds the documents that OPA would merge into its data and podgraft would not.

const DOCUMENT = /(?:^|\/)data\.(?:json|ya?ml)$/;

/**
 * Whether a file is such a document: OPA reads `data.json`, `data.yaml` and `data.yml` in any folder, podgraft the one
 * `data.json` at the root. Leaving one out without a word would make another policy of the bundle.
 */
export const isStrayDocument = (name: string): boolean => DOCUMENT.test(name) && name !== 'data.json';
