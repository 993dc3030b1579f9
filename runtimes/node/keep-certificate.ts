// Keeps the certificate current: from its two files, or made in memory where there are none.
import { type Certificate, parseCertificate, readCertificateFiles } from './certificate.ts';
import { createEphemeralCertificate } from './ephemeral-certificate.ts';
import { digestParts, type Kept, keepCurrent } from './keep-current.ts';
import { type Reporting, reportReload } from './report-reload.ts';
import type { Settings } from './settings.ts';
import { createWarnOfEnd } from './warn-of-end.ts';

/** What keeping a certificate needs. */
export interface KeepCertificateOptions extends Reporting {
  readonly settings: Settings;
  /** Called with each new certificate after the first. */
  readonly renewed: (certificate: Certificate) => void;
  readonly settle: number;
}

/**
 * Makes or reads the certificate, and reads it anew whenever `check` finds that its files changed.
 *
 * @throws {Fault} when the first one is broken
 */
export const keepCertificate = async (options: KeepCertificateOptions): Promise<Kept<Certificate>> => {
  const { settings, metrics, log } = options;
  if (settings.certificateFile === '') {
    const made = await createEphemeralCertificate(settings.certificateHosts, Date.now());
    log.warn({ hosts: made.hosts }, 'no certificate is given: serving a self-signed one made in memory');
    metrics.setCertificate(made.expires);
    return { current: () => made, check: async () => {} };
  }
  const kept = await keepCurrent({
    read: async () => {
      const content = await readCertificateFiles(settings);
      return { digest: digestParts(Object.entries(content)), content };
    },
    make: async (text) => parseCertificate(text, settings, Date.now()),
    settle: options.settle,
    attempted: (attempt) => {
      if (attempt.ok) {
        options.renewed(attempt.value);
        metrics.setCertificate(attempt.value.expires);
      }
      reportReload(
        options,
        'certificate',
        attempt.ok ? { ok: true, value: { fields: fieldsOf(attempt.value) } } : attempt,
      );
    },
  });
  metrics.setCertificate(kept.current().expires);
  const warnOfEnd = createWarnOfEnd(log, settings.certificateFile);
  const warn = (): void => warnOfEnd(kept.current(), Date.now());
  warn();
  return {
    current: kept.current,
    check: async () => {
      await kept.check();
      warn();
    },
  };
};

const fieldsOf = ({ fingerprint, expires, hosts }: Certificate) => ({
  fingerprint,
  expires: new Date(expires).toISOString(),
  hosts,
});
