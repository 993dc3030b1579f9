// Warns when the certificate that is served nears its end.
import type { Certificate } from './certificate.ts';
import type { Log } from './log.ts';

const DAY = 24 * 60 * 60 * 1000;

/** A certificate is renewed with a third of its life left, as a rule; with less than this share, something is wrong. */
const SHARE = 1 / 5;

/** Nobody wants to hear of it earlier, in milliseconds. */
const MOST = 30 * DAY;

/** Creates the warning, which is not repeated for a day as long as the certificate stays the same. */
export const createWarnOfEnd = (log: Log, file: string) => {
  let said: { readonly fingerprint: string; readonly time: number } | undefined;
  return ({ begins, expires, fingerprint }: Certificate, now: number): void => {
    const near = expires - now < Math.min(MOST, (expires - begins) * SHARE);
    if (!near || (said?.fingerprint === fingerprint && now - said.time < DAY)) {
      return;
    }
    said = { fingerprint, time: now };
    const fields = { certificateFile: file, expires: new Date(expires).toISOString() };
    if (expires <= now) {
      log.error(fields, 'the certificate has ended, so the API server refuses it: replace both files');
    } else {
      log.warn(fields, 'the certificate ends soon: replace both files');
    }
  };
};
