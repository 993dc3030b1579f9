// `npm start`: builds the policy where its sources changed, serves it on this machine, and says how to try it.
import { toError } from '../core/errors.ts';
import { authenticationSettings } from '../runtimes/node/authentication-rows.ts';
import { openLogOutput } from '../runtimes/node/log-output.ts';
import { parseFlags } from '../runtimes/node/parse-flags.ts';
import { describeError } from '../runtimes/node/report-reload.ts';
import { runServe } from '../runtimes/node/run-serve.ts';
import type { Running } from '../runtimes/node/serve.ts';
import type { Flags } from '../runtimes/node/setting-source.ts';
import { environmentNameOf } from '../runtimes/node/settings.ts';
import { ensureBundle } from './policy/ensure-bundle.ts';

const howToTry = ({ url, metricsUrl }: Running): string => `
podgraft serves reviews at ${url}/mutate, with a certificate made for this run.
Try it with a pod that asks for a Vault agent, and look at the patch:

  curl -sS --insecure ${url}/mutate -H 'content-type: application/json' --data-binary @docs/examples/review.json |
    node -p 'const {response} = JSON.parse(require("fs").readFileSync(0)); JSON.stringify(JSON.parse(Buffer.from(response.patch, "base64")), null, 2)'

${metricsUrl === undefined ? '' : `Metrics: ${metricsUrl}\n`}Stop it with Ctrl+C.

`;

/** Whoever tries podgraft on his own machine has no credentials yet; whoever brings settings says what he wants. */
const openUnlessSaid = (args: readonly string[], env: NodeJS.ProcessEnv): Flags => {
  const flags = parseFlags(args);
  const keys = ['config', ...Object.keys(authenticationSettings)];
  const said = keys.some((key) => flags[key] !== undefined || (env[environmentNameOf(key)] ?? '') !== '');
  return said ? {} : { authentication: 'off' };
};

const start = async (args: readonly string[]): Promise<number> => {
  const stdout = openLogOutput(1);
  const { env, stderr } = process;
  try {
    const bundle = await ensureBundle({ onBuild: () => stderr.write('Building the policy …\n') });
    // Nobody routes to this server, so nobody has to be given time to notice that it goes.
    const flags = {
      bundle,
      ...(env['PODGRAFT_DRAIN_DELAY'] ? {} : { drainDelay: '0s' }),
      ...openUnlessSaid(args, env),
      ...parseFlags(args),
    };
    return await runServe({
      flags,
      env,
      stdout,
      stderr,
      signals: process,
      started: (running) => stdout.write(howToTry(running)),
    });
  } catch (thrown) {
    stderr.write(`podgraft: ${describeError(toError(thrown))}\n`);
    return 1;
  } finally {
    stdout.flush();
  }
};

/**
 * npm ends on a signal without a word to what it started. Then somebody else becomes the parent, and this process ends
 * as by a signal of its own.
 */
const endWithNpm = (): void => {
  if (process.env['npm_lifecycle_event'] === 'start') {
    const parent = process.ppid;
    const look = (): void => void (process.ppid === parent || process.kill(process.pid, 'SIGTERM'));
    setInterval(look, 500).unref();
  }
};

endWithNpm();
process.exit(await start(process.argv.slice(2)));
