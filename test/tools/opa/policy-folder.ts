// A small folder of policies for the tests, of which each test changes what it is about.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';

const template = `apiVersion: podgraft.dev/v1alpha1
kind: InjectionTemplate
metadata:
  name: sys
spec:
  parameters: {type: object, additionalProperties: false, properties: {}}
  pod:
    add:
      spec:
        volumes:
          - {name: scratch, emptyDir: {}}
`;

const files: Readonly<Record<string, string>> = {
  'main.rego': `package podgraft

decision := data.podgraft.systems.sys.decision

configuration := {"sys": {"parameters": {}}}
`,
  'main_test.rego': `package podgraft

test_decision if decision.injections == []

test_configuration if configuration.sys.parameters == {}
`,
  'sys/decision.rego': `package podgraft.systems.sys

decision := {
	"injections": [],
	"lookups": [],
	"denials": [],
	"skips": [{"system": "sys", "code": "none"}],
	"warnings": [],
	"audit": {},
}

path := podgraft.path_clean(data.podgraft.config.sys.path)
`,
  'sys/decision_test.rego': `package podgraft.systems.sys

test_skip if decision.skips[0].code == "none"

test_path if path == "/b"

test_paths[given] if {
	some given, cleaned in {"/x/": "/x", "/y": "/y"}
	path == cleaned with data.podgraft.config.sys.path as given
}
`,
  'sys/config.yaml': 'path: /a/../b\n',
  'sys/config.schema.json': '{ "type": "object", "properties": { "path": { "type": "string" } } }\n',
  'sys/codes.yaml': 'none: Nothing is asked for.\n',
  'sys/template.yaml': template,
  'sys/README.md': 'A system.\n',
  'sys/cases/one.yaml': `request:
  kind: {group: '', version: v1, kind: Pod}
  operation: CREATE
  namespace: shop
  object: {apiVersion: v1, kind: Pod, metadata: {name: web}, spec: {containers: []}}
response: {allowed: true, outcome: skipped, codes: [sys/none]}
podAfter: unchanged
`,
  'sys/cases/notes.txt': 'this is never read\n',
};

/** Somewhere to write, removed when the test ends. */
export const temporaryFolder = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'podgraft-test-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
};

/** Writes files below a folder. */
export const writeFiles = (folder: string, changes: Readonly<Record<string, string>>): void => {
  for (const [path, text] of Object.entries(changes)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
};

/** Makes a folder of policies that is in order, but for the changes. */
export const createPolicyFolder = (changes: Readonly<Record<string, string>> = {}): string => {
  const folder = join(temporaryFolder(), 'policies');
  writeFiles(folder, { ...files, ...changes });
  return folder;
};
