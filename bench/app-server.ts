// The app in Node over plain HTTP, as workerd serves it too: prints its address as one line of JSON.

import type { AddressInfo } from 'node:net';
import { createAdaptorServer } from '@hono/node-server';
import { createApp, createInjector } from '../core/index.ts';
import { loadBundle } from '../runtimes/node/bundle-folder.ts';
import { ensureBundle } from '../scripts/policy/ensure-bundle.ts';

const injector = await createInjector({ bundle: await loadBundle(await ensureBundle()) });
const { fetch } = createApp({ injector: () => injector });
const server = createAdaptorServer({ fetch });
server.listen(0, '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo;
  console.log(JSON.stringify({ port }));
});
