// Makes the credentials by which the API server is to call webhooks, and the files that tell it so.
import { randomBytes } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createAuthority } from './certificate.ts';
import { freePorts } from './free-port.ts';

/** The ways in which the API server can say who it is. Each is for one port of loopback. */
export interface Callers {
  readonly token: { readonly port: number; readonly token: string };
  readonly password: { readonly port: number; readonly user: string; readonly password: string };
  /** `authority` has signed the client certificate, whose common name is `name`; PEM. */
  readonly certificate: { readonly port: number; readonly authority: string; readonly name: string };
  /** The API server reads the token from `file` at its first call, and once a minute after that. */
  readonly tokenFile: { readonly port: number; readonly file: string };
}

/** Where the API server reads them. */
export interface CallerFiles {
  readonly callers: Callers;
  /** For `--admission-control-config-file`. */
  readonly configuration: string;
  /** The folder in which the API server looks for manifests of webhooks. */
  readonly staticManifests: string;
}

/** Makes them, in an empty folder. */
export const writeCallers = async (folder: string): Promise<CallerFiles> => {
  await mkdir(folder, { recursive: true });
  const write = async (name: string, text: string): Promise<string> => {
    const file = join(folder, name);
    await writeFile(file, text, { mode: 0o600 });
    return file;
  };
  const [token = 0, password = 0, certificate = 0, tokenFile = 0] = await freePorts(4);
  const authority = await createAuthority('podgraft-callers');
  const name = 'kube-apiserver-admission';
  const pair = await authority.issueClient(name);
  const callers: Callers = {
    token: { port: token, token: randomBytes(32).toString('hex') },
    password: { port: password, user: 'kube-apiserver', password: randomBytes(32).toString('hex') },
    certificate: { port: certificate, authority: authority.certificate, name },
    tokenFile: { port: tokenFile, file: join(folder, 'token') },
  };
  const kubeconfig = await write('webhooks.kubeconfig', kubeconfigOf(callers, pair));
  const staticManifests = join(folder, 'static-manifests');
  await mkdir(staticManifests);
  const configuration = await write('admission.yaml', admissionConfiguration(kubeconfig, staticManifests));
  return { callers, configuration, staticManifests };
};

/**
 * The users of an admission kubeconfig are named by the host and port that they are for
 * ([reference](https://kubernetes.io/docs/reference/access-authn-authz/extensible-admission-controllers/#authenticate-apiservers)).
 */
const kubeconfigOf = (
  { token, password, certificate, tokenFile }: Callers,
  pair: { readonly certificate: string; readonly key: string },
): string => {
  const base64 = (text: string): string => Buffer.from(text).toString('base64');
  const user = (port: number, credentials: object) => ({ name: `127.0.0.1:${port}`, user: credentials });
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    users: [
      user(token.port, { token: token.token }),
      user(password.port, { username: password.user, password: password.password }),
      user(certificate.port, {
        'client-certificate-data': base64(pair.certificate),
        'client-key-data': base64(pair.key),
      }),
      user(tokenFile.port, { tokenFile: tokenFile.file }),
    ],
  });
};

const admissionConfiguration = (kubeConfigFile: string, staticManifestsDir: string): string =>
  JSON.stringify({
    apiVersion: 'apiserver.config.k8s.io/v1',
    kind: 'AdmissionConfiguration',
    plugins: [
      {
        name: 'MutatingAdmissionWebhook',
        configuration: {
          apiVersion: 'apiserver.config.k8s.io/v1',
          kind: 'WebhookAdmissionConfiguration',
          kubeConfigFile,
          staticManifestsDir,
        },
      },
    ],
  });
