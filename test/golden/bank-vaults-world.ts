// The world outside of the recorded requests, as servers: a Kubernetes API and a registry that hold the stand-ins.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isObject, type JsonObject, type JsonValue, own } from '../../core/index.ts';
import type { Flags } from '../../runtimes/node/setting-source.ts';
import { answerObject, kubeconfigFor, type Objects, secret } from '../runtimes/node/facts/fake-kubernetes.ts';
import { type Contents, indexOf, putImage, putManifest } from '../runtimes/node/facts/fake-registry.ts';
import { type Asked, openLoopback, type Told } from '../runtimes/node/facts/loopback-server.ts';
import { standIns } from './bank-vaults-facts.ts';

/** The servers, and how a podgraft is told of them. */
export interface World {
  readonly flags: Flags;
  /** The paths that were asked for, at the API and at the registry. */
  readonly asked: () => ReadonlySet<string>;
  readonly stop: () => void;
}

/** The registry that the recorded pods name. Its port may be taken, so it is asked as an operator's mirror. */
const REGISTRY = 'localhost:5055';

/** Starts the servers. */
export const startWorld = async (): Promise<World> => {
  const folder = mkdtempSync(join(tmpdir(), 'podgraft-world-'));
  const [objects, contents] = [objectsOf(standIns), contentsOf(standIns)];
  const api = await openLoopback((asked) => answerObject(objects, asked));
  const registry = await openLoopback((asked) => answerPart(contents, asked));
  const [kubeconfig, registryCaFile] = [join(folder, 'kubeconfig'), join(folder, 'ca.pem')];
  writeFileSync(kubeconfig, JSON.stringify(kubeconfigFor(api)));
  writeFileSync(registryCaFile, registry.ca);
  return {
    flags: {
      facts: 'image,references',
      kubeconfig,
      registries: REGISTRY,
      registryMirrors: `${REGISTRY}=${registry.host}`,
      registryCaFile,
    },
    asked: () => new Set([...api.asked, ...registry.asked].map(({ path }) => path)),
    stop: () => {
      api.close();
      registry.close();
      rmSync(folder, { recursive: true });
    },
  };
};

const entriesOf = (value: JsonValue | undefined): readonly (readonly [string, JsonObject])[] =>
  Object.entries(isObject(value) ? value : {}).filter((entry): entry is [string, JsonObject] => isObject(entry[1]));

const objectsOf = (world: JsonObject): Objects =>
  Object.fromEntries(
    ['configmaps', 'secrets', 'serviceaccounts'].flatMap((resource) =>
      entriesOf(own(world, resource)).map(([name, object]) => {
        const [namespace = '', ...rest] = name.split('/');
        const content = resource === 'secrets' ? encoded(object) : object;
        return [`${namespace}/${resource}/${rest.join('/')}`, content] as const;
      }),
    ),
  );

/** The stand-ins hold the values of Secrets in clear. */
const encoded = (object: JsonObject): JsonObject => ({
  ...object,
  ...secret((own(object, 'data') ?? {}) as Readonly<Record<string, string>>),
});

const contentsOf = (world: JsonObject): Contents => {
  const contents: Contents = {};
  for (const [image, config] of entriesOf(own(world, 'images'))) {
    const [name = '', tag] = image.split(':');
    const index = own(config, 'index');
    if (Array.isArray(index)) {
      const entries = index.filter(isObject).map((entry) => {
        const { architecture, ...rest } = entry;
        return [`linux/${String(architecture)}`, putImage(contents, name, rest)] as const;
      });
      putManifest(contents, name, indexOf(Object.fromEntries(entries)), tag);
    } else {
      putImage(contents, name, config, tag);
    }
  }
  return contents;
};

/** A mirror for one registry: it answers nobody who means another one. */
const answerPart = (contents: Contents, { path }: Asked): Told => {
  const { pathname, searchParams } = new URL(path, 'https://mirror');
  const found = searchParams.get('ns') === REGISTRY ? contents[pathname.replace('/v2/', '')] : undefined;
  return found ?? { status: 404, body: '{"errors":[{"code":"MANIFEST_UNKNOWN"}]}' };
};
