// `npm run dev:worker`: serves the Worker on this machine, in workerd, offline. More flags go to `wrangler dev`.
import { once } from 'node:events';
import { startWrangler } from './wrangler.ts';

const howToTry = `
Serving at http://127.0.0.1:8787/mutate. Try it with a pod that asks for a Vault agent:

  curl -sS http://127.0.0.1:8787/mutate -H 'content-type: application/json' --data-binary @docs/examples/review.json

`;

process.stdout.write(howToTry);
// Nobody but this machine reaches it.
const open = ['--var', 'PODGRAFT_AUTHENTICATION:off'];
const local = ['--local', '--ip', '127.0.0.1', '--inspector-port', '0', '--show-interactive-dev-session=false'];
const wrangler = startWrangler(['dev', ...local, ...open, ...process.argv.slice(2)], 'inherit');
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => wrangler.kill(signal));
}
const [code] = await once(wrangler, 'exit');
process.exitCode = code ?? 0;
