import { expect, it } from 'vitest';
import type { Certificate } from '../../../runtimes/node/certificate.ts';
import { createLog } from '../../../runtimes/node/log.ts';
import { createWarnOfEnd } from '../../../runtimes/node/warn-of-end.ts';

const DAY = 24 * 60 * 60 * 1000;

const certificate = (days: number, fingerprint = 'AA'): Certificate => ({
  cert: '',
  key: '',
  hosts: '',
  fingerprint,
  begins: 0,
  expires: days * DAY,
});

const start = () => {
  const said: string[] = [];
  const log = createLog('info', {
    write: (line) => {
      const { level, certificateFile, expires } = JSON.parse(line);
      said.push([level, certificateFile, expires].join(' '));
    },
  });
  return { said, warn: createWarnOfEnd(log, 'tls.crt') };
};

it('warns in the last fifth of a short life, once a day', () => {
  const { said, warn } = start();
  warn(certificate(10), 7.9 * DAY);
  expect(said).toEqual([]);
  for (const days of [8.1, 8.2, 9, 9.2]) {
    warn(certificate(10), days * DAY);
  }
  expect(said).toEqual(Array(2).fill('warn tls.crt 1970-01-11T00:00:00.000Z'));
});

it('warns a month before the end of a long life', () => {
  const { said, warn } = start();
  warn(certificate(3650), 3619 * DAY);
  expect(said).toEqual([]);
  warn(certificate(3650), 3621 * DAY);
  expect(said).toHaveLength(1);
});

it('says at once of another certificate, and as an error of one that has ended', () => {
  const { said, warn } = start();
  warn(certificate(10), 9 * DAY);
  warn(certificate(10, 'BB'), 9 * DAY);
  warn(certificate(10, 'CC'), 10 * DAY);
  expect(said.map((line) => line.split(' ')[0])).toEqual(['warn', 'warn', 'error']);
});
