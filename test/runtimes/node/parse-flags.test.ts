// The command line of the server.
import { describe, expect, it } from 'vitest';
import { parseFlags } from '../../../runtimes/node/parse-flags.ts';
import { readSettings } from '../../../runtimes/node/read-settings.ts';
import { faultOf } from './fault-of.ts';

describe('parseFlags', () => {
  it.each([
    [['--listen', ':1'], { listen: ':1' }],
    [['--listen=:1'], { listen: ':1' }],
    [['--listen', ':1', '--listen=:2'], { listen: ':2' }],
    [['--tls-ciphers='], { tlsCiphers: '' }],
    [['--keep-alive-timeout', '2m', '--metrics-listen', 'off'], { keepAliveTimeout: '2m', metricsListen: 'off' }],
    [[], {}],
  ])('reads %j', (args, flags) => {
    expect(parseFlags(args)).toEqual(flags);
  });

  it.each([
    [['--listen'], '--listen needs a value'],
    [['--lisen', 'x'], '--lisen is not a setting; did you mean --listen?'],
    [['--__proto__', 'x'], '"x" is no flag'],
    [['-x'], '--x is not a setting'],
    [['serve'], '"serve" is no flag'],
    [['--listen', ':1', '2>&1'], '"2>&1" is no flag'],
  ])('refuses %j', (args, message) => {
    expect(faultOf(() => readSettings(parseFlags(args), {})).message).toContain(message);
  });
});
