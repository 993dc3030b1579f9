import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { FIELD_TABLE } from '../../../core/k8s/field-table.ts';
import { fieldsOf, fieldType } from '../../../core/k8s/fields.ts';
import { generateFields } from '../../../scripts/generate-fields.ts';

test('the committed table is what the generator makes', () => {
  const committed = readFileSync(new URL('../../../core/k8s/field-table.ts', import.meta.url), 'utf8');
  expect(generateFields()).toBe(committed);
});

test('the table has the types and fields of Kubernetes 1.37', () => {
  const lines = readFileSync(new URL('./fields-go.jsonl', import.meta.url), 'utf8')
    .trim()
    .split('\n');
  const go = lines.slice(1).map((line) => JSON.parse(line) as { type: string; fields: Record<string, string> });
  expect(Object.fromEntries(go.map(({ type, fields }) => [type, fields]))).toEqual(FIELD_TABLE);
});

test.each([
  ['Pod', 'spec', { kind: 'object', type: 'PodSpec' }],
  ['Pod', 'status', undefined],
  ['ObjectMeta', 'annotations', { kind: 'map', of: { kind: 'string' } }],
  ['Container', 'command', { kind: 'list', of: { kind: 'string' } }],
  ['Container', 'lifecycle', { kind: 'object', type: 'Lifecycle' }],
  ['Container', 'restartPolicyRules', { kind: 'list', of: { kind: 'object', type: 'ContainerRestartRule' } }],
  ['ResourceRequirements', 'limits', { kind: 'map', of: { kind: 'quantity' } }],
  ['HTTPGetAction', 'port', { kind: 'int-or-string' }],
  ['SecurityContext', 'runAsNonRoot', { kind: 'bool' }],
  ['ManagedFieldsEntry', 'fieldsV1', { kind: 'any' }],
  ['Container', 'nonsense', undefined],
  ['Container', '__proto__', undefined],
  ['constructor', 'name', undefined],
])('%s.%s', (type, field, expected) => {
  expect(fieldType(type, field)).toEqual(expected);
});

test('every object type that a field names is in the table', () => {
  for (const type of Object.keys(FIELD_TABLE)) {
    for (const [field, found] of fieldsOf(type) ?? []) {
      let kind = found;
      while (kind.kind === 'list' || kind.kind === 'map') {
        kind = kind.of;
      }
      expect(kind.kind !== 'object' || fieldsOf(kind.type) !== undefined, `${type}.${field}`).toBe(true);
    }
  }
});
