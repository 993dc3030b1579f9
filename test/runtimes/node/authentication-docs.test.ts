// docs/authentication.md: what it shows can be set, and its table of codes is the one of the core.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { refusals } from '../../../core/authentication/refusal.ts';
import { parseConfiguration } from '../../../core/bundle/configuration.ts';
import { isObject } from '../../../core/json.ts';
import { readSettings } from '../../../runtimes/node/read-settings.ts';

const page = readFileSync(new URL('../../../docs/authentication.md', import.meta.url), 'utf8');
const blocks = [...page.matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, text = '']) => ({
  text,
  object: parseAllDocuments(text)[0]?.toJS() as { kind: string; [key: string]: unknown },
}));
const ofKind = (kind: string) => blocks.filter(({ object }) => object.kind === kind);

describe('the page', () => {
  it('shows a way in each configuration, and all of them', () => {
    const ways = ofKind('Configuration').map(({ text }) => {
      const settings = readSettings({}, {}, parseConfiguration(text, 'page'));
      expect(settings.authentication).toBe('required');
      const { tokensFile, passwordsFile, clientAuthorityFile, jwtIssuer, pathSecretsFile } = settings;
      return Object.entries({ tokensFile, passwordsFile, clientAuthorityFile, jwtIssuer, pathSecretsFile })
        .filter(([, value]) => value !== '')
        .map(([key]) => key);
    });
    expect(ways).toEqual([
      ['tokensFile'],
      ['passwordsFile'],
      ['clientAuthorityFile'],
      ['jwtIssuer'],
      ['pathSecretsFile'],
    ]);
  });

  it('shows a kubeconfig for each way that has one, with one user', () => {
    const users = ofKind('Config').map(({ object }) => object['users'] as { name: string; user: object }[]);
    expect(users.map(([one]) => Object.keys(one?.user ?? {}))).toEqual([
      ['token'],
      ['username', 'password'],
      ['client-certificate', 'client-key'],
      ['tokenFile'],
    ]);
    expect(new Set(users.flat().map(({ name }) => name))).toEqual(new Set(['podgraft.podgraft.svc']));
  });

  it('shows one AdmissionConfiguration, and one webhook with a path', () => {
    const [admission, ...others] = ofKind('AdmissionConfiguration');
    expect(others).toEqual([]);
    expect(admission?.object['plugins']).toMatchObject([
      { name: 'MutatingAdmissionWebhook', configuration: { kind: 'WebhookAdmissionConfiguration' } },
    ]);
    const [webhook] = ofKind('MutatingWebhookConfiguration');
    expect(JSON.stringify(webhook?.object)).toMatch(/"url":"https:[^"]+\/mutate\/\w/);
    expect(blocks.every(({ object }) => isObject(object))).toBe(true);
  });

  it('has every code with its sentence, and no other', () => {
    const rows = [...page.matchAll(/^\| `(auth\.[\w.-]+)` \| (.+) \|$/gm)].map(([, code = '', text]) => [code, text]);
    expect(Object.fromEntries(rows)).toEqual(refusals);
    expect(rows).toHaveLength(Object.keys(refusals).length);
  });
});
