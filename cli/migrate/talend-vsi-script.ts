// What the shell script of the original's agent container says about Vault and the agent.
import type { JsonObject } from '../../core/json.ts';

/** Settings that stand nowhere but in the script. Those that are not found there are left out. */
export interface AgentScript {
  readonly vault: JsonObject;
  readonly agent: JsonObject;
}

const SECRETS_FOLDER = '/opt/talend/secrets/';

/** Reads the script. */
export const readAgentScript = (script: string): AgentScript => ({
  vault: {
    skipVerify: script.includes('-tls-skip-verify'),
    ...named('kubernetesPath', mountPath(script, 'kubernetes')),
    ...named('approlePath', mountPath(script, 'approle')),
    ...named('roleIdFile', fileName(script, 'role_id_file_path')),
    ...named('secretIdFile', fileName(script, 'secret_id_file_path')),
  },
  agent: named('logLevel', logLevel(/-log-level=["']?(\w+)/.exec(script)?.[1] ?? '')),
});

/** Vault's words for one level (command/agent, `logging.ParseLogLevel`); with another the agent does not start. */
const LOG_LEVELS: Readonly<Record<string, string>> = {
  trace: 'trace',
  debug: 'debug',
  notice: 'info',
  info: 'info',
  warn: 'warn',
  warning: 'warn',
  err: 'error',
  error: 'error',
};

const logLevel = (text: string): string | undefined => {
  const word = text.toLowerCase();
  return Object.hasOwn(LOG_LEVELS, word) ? LOG_LEVELS[word] : undefined;
};

const named = (key: string, value: string | undefined): JsonObject => (value === undefined ? {} : { [key]: value });

/** The path stands behind the method's name: `method "kubernetes" { mount_path = "auth/kubernetes" …`. */
const mountPath = (script: string, method: string): string | undefined =>
  new RegExp(`method\\s+"${method}"\\s*\\{\\s*mount_path\\s*=\\s*"([^"]+)"`).exec(script)?.[1];

const fileName = (script: string, field: string): string | undefined => {
  const path = new RegExp(`\\b${field}\\s*=\\s*"([^"]+)"`).exec(script)?.[1];
  return path?.startsWith(SECRETS_FOLDER) === true ? path.slice(SECRETS_FOLDER.length) : undefined;
};
