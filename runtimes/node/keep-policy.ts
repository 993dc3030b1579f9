// Keeps the policy current: bundle and configuration file, taken up together.
import type { Configuration } from '../../core/bundle/configuration.ts';
import type { FindFacts } from '../../core/policy/facts.ts';
import type { BundleStatus } from './bundle-status.ts';
import { type Kept, keepCurrent } from './keep-current.ts';
import { makePolicy, type PolicySource, type ReadyPolicy, readPolicy } from './policy-source.ts';
import { type Reporting, reportReload } from './report-reload.ts';
import type { Settings } from './settings.ts';

/** What keeping a policy needs. */
export interface KeepPolicyOptions extends Reporting {
  readonly source: PolicySource;
  readonly settings: Settings;
  readonly findFacts: FindFacts;
  /** Reads the settings again with a changed file's `server` section; throws where that is not fit to start with. */
  readonly reread: (configuration: Configuration | undefined) => Settings;
  readonly settle: number;
  readonly status: Pick<BundleStatus, 'serves'>;
}

/**
 * Makes the policy, and makes it anew whenever `check` finds that its files changed.
 *
 * @throws {Fault} when the first one is broken
 */
export const keepPolicy = async (options: KeepPolicyOptions): Promise<Kept<ReadyPolicy>> => {
  const { source, settings, status, log } = options;
  const make = async (text: Parameters<typeof makePolicy>[1]): Promise<ReadyPolicy> => {
    const { policyMemory: memory } = settings;
    const policy = await makePolicy(source, text, { memory, selfTest: true, findFacts: options.findFacts });
    if (JSON.stringify(options.reread(policy.configuration)) !== JSON.stringify(settings)) {
      log.warn('the settings of the server changed; they hold from the next start');
    }
    for (const warning of policy.injector.warnings) {
      log.warn({ doubt: warning }, 'a value of the configuration is doubtful: pods that do not replace it are refused');
    }
    if (source.signature !== undefined && policy.signature === undefined) {
      log.warn({ bundle: policy.injector.digest }, 'the bundle is not signed, and need not be');
    }
    return policy;
  };
  const kept = await keepCurrent({
    read: () => readPolicy(source),
    make,
    settle: options.settle,
    keepPrevious: true,
    attempted: (attempt) => {
      if (attempt.ok) {
        status.serves(attempt.value.injector.digest);
      }
      reportReload(options, 'policy', attempt.ok ? { ok: true, value: { fields: describe(attempt.value) } } : attempt);
    },
  });
  status.serves(kept.current().injector.digest);
  return kept;
};

const describe = ({ injector, signature }: ReadyPolicy): object => ({
  bundle: injector.digest,
  ...(signature === undefined ? {} : { signedBy: signature.keyId || signature.algorithm }),
});
