// The committed capabilities are those that this OPA and the compiled policies call for.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { builtins } from '../../../core/policy/builtins.ts';
import { deriveCapabilities } from '../../../scripts/policy/capabilities.ts';
import { policiesFolder } from '../../../scripts/policy/sources.ts';
import { createToolchain } from '../../../scripts/policy/toolchain.ts';

const toolchain = createToolchain();
afterAll(() => toolchain.close());

const committed: { readonly builtins: readonly { readonly name: string }[] } = JSON.parse(
  readFileSync(join(policiesFolder, 'capabilities.json'), 'utf8'),
);
const names = committed.builtins.map(({ name }) => name);

describe('policies/capabilities.json', () => {
  it('is what the script derives', async () => {
    expect(await deriveCapabilities(toolchain)).toEqual(committed);
  });

  it('declares exactly the custom builtins that are implemented', () => {
    expect(names.filter((name) => name.startsWith('podgraft.'))).toEqual(Object.keys(builtins).sort());
  });

  it.each(['sprintf', 'yaml.marshal', 'regex.split', 'json.unmarshal', 'json.is_valid', 'time.now_ns', 'http.send'])(
    'has no %s',
    (name) => {
      expect(names).not.toContain(name);
    },
  );

  it.each(['concat', 'object.get', 'regex.match', 'sort', 'base64.encode', 'json.marshal'])('has %s', (name) => {
    expect(names).toContain(name);
  });
});
