// Where a server listens, as a kind of setting.
import type { SettingKind } from '../setting-kind.ts';

/** Where a server listens. */
export interface ListenAddress {
  readonly host: string;
  readonly port: number;
}

/** A host and a port; without a host, every address of the machine. Port 0 lets the system choose. */
export const address: SettingKind<ListenAddress> = {
  grammar: 'HOST:PORT, such as 0.0.0.0:8443, [::]:8443 or :8443',
  parse: (value) => {
    const [, bracketed, plain = '', digits = ''] = /^(?:\[([\da-fA-F:.]+)\]|([\w.-]*)):(\d{1,5})$/.exec(value) ?? [];
    const port = Number(digits);
    return digits === '' || port > 65_535 ? undefined : { host: bracketed ?? plain, port };
  },
};
