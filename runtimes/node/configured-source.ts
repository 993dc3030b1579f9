// Makes of the settings the source that bundle and configuration are read from.

import { displayUrl } from './bundle-download.ts';
import { parseKeyFile } from './bundle-keys.ts';
import { type BundleSource, localBundle } from './bundle-source.ts';
import type { BundleStatus } from './bundle-status.ts';
import { type BundleUrl, createBundleUrl, type DownloadAttempt } from './bundle-url.ts';
import { bundleUrl, isSignatureRequired } from './check-bundle.ts';
import { defaultBundleFolder } from './default-bundle.ts';
import type { PolicySource } from './policy-source.ts';
import { describeError, type Reporting } from './report-reload.ts';
import type { Settings } from './settings.ts';

/** Who hears of it when a source is asked. */
export interface SourceReporting extends Reporting {
  readonly status: Pick<BundleStatus, 'checked'>;
}

/** The source, and what has to be polled for it. */
export interface ConfiguredSource {
  readonly source: PolicySource;
  /** `undefined` where the bundle lies on this machine. */
  readonly address: BundleUrl | undefined;
}

/** Makes the source; nothing is read yet. */
export const configuredSource = (settings: Settings, reporting: SourceReporting): ConfiguredSource => {
  const { bundleKeys, bundleScope: scope, config: configFile } = settings;
  const url = bundleUrl(settings);
  const address = url === undefined ? undefined : createAddress(url, settings, reporting);
  const source: PolicySource = {
    bundle: address ?? createLocal(settings, reporting),
    configFile,
    signature:
      bundleKeys.length === 0
        ? undefined
        : { keys: bundleKeys.map(parseKeyFile), scope, required: isSignatureRequired(settings) },
  };
  return { source, address };
};

const createLocal = ({ bundle, bundleKeys, bundleLimit }: Settings, { status }: SourceReporting): BundleSource => {
  const options = { limit: bundleLimit, verified: bundleKeys.length > 0 };
  const local = localBundle(bundle || defaultBundleFolder(), options);
  return {
    ...local,
    read: async () => {
      const reading = await local.read();
      status.checked();
      return reading;
    },
  };
};

const createAddress = (url: URL, settings: Settings, { log, metrics, status }: SourceReporting): BundleUrl => {
  const name = displayUrl(url);
  const report = (attempt: DownloadAttempt): void => {
    metrics.downloaded(attempt.result);
    if (attempt.result === 'failure') {
      log.error({ reason: describeError(attempt.error) }, 'the bundle cannot be had; the last good one keeps serving');
      return;
    }
    status.checked();
    log.debug({ result: attempt.result, from: name }, 'bundle downloaded');
  };
  return createBundleUrl({
    url,
    name,
    caFile: settings.bundleCaFile,
    tokenFile: settings.bundleTokenFile,
    limit: settings.bundleLimit,
    timeout: settings.bundleTimeout,
    interval: settings.bundleInterval,
    report,
    random: Math.random,
  });
};
