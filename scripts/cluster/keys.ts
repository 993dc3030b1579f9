// Writes the certificates, keys and the kubeconfig that the control plane's programs read.
import { generateKeyPairSync } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ApiAccess } from './api.ts';
import { createAuthority, type KeyPair } from './certificate.ts';

/** Where the files are, and what the administrator needs to reach the API server. */
export interface Keys {
  readonly folder: string;
  readonly admin: Omit<ApiAccess, 'url'>;
}

/** Makes an authority, the API server's certificate, the two clients' and the key that signs service account tokens. */
export const writeKeys = async (folder: string, url: string): Promise<Keys> => {
  await mkdir(folder, { recursive: true });
  const write = (name: string, text: string) => writeFile(join(folder, name), text, { mode: 0o600 });
  const authority = await createAuthority('podgraft-test-cluster');
  const server = await authority.issueServer('kube-apiserver');
  const admin = await authority.issueClient('admin', 'system:masters');
  const controllers = await authority.issueClient('system:kube-controller-manager');
  const tokens = generateKeyPairSync('ec', {
    namedCurve: 'P-256',
    privateKeyEncoding: { type: 'sec1', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });
  await write('authority.crt', authority.certificate);
  await write('server.crt', server.certificate);
  await write('server.key', server.key);
  await write('tokens.key', tokens.privateKey);
  await write('tokens.pub', tokens.publicKey);
  await write('controllers.kubeconfig', kubeconfig(url, authority.certificate, controllers));
  return { folder, admin: { authority: authority.certificate, ...admin } };
};

/** A kubeconfig may be JSON: JSON is YAML. */
const kubeconfig = (url: string, authority: string, client: KeyPair): string => {
  const base64 = (text: string) => Buffer.from(text).toString('base64');
  const user = {
    'client-certificate-data': base64(client.certificate),
    'client-key-data': base64(client.key),
  };
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'test',
    clusters: [{ name: 'test', cluster: { server: url, 'certificate-authority-data': base64(authority) } }],
    users: [{ name: 'test', user }],
    contexts: [{ name: 'test', context: { cluster: 'test', user: 'test' } }],
  });
};
