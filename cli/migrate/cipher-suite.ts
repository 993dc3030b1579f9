// The names of TLS cipher suites: from Go's, which are those of the registry, to OpenSSL's, which Node takes.

/** Cipher suites under OpenSSL's names. */
export interface Ciphers {
  readonly ciphers: readonly string[];
  /** The first name that Go does not know either. */
  readonly unknown?: string;
  /** What Go still has and OpenSSL has not, under Go's names. */
  readonly gone: readonly string[];
}

const strength: ReadonlyMap<string, string> = new Map([
  ['AES_128_CBC_SHA', 'AES128-SHA'],
  ['AES_256_CBC_SHA', 'AES256-SHA'],
  ['AES_128_CBC_SHA256', 'AES128-SHA256'],
  ['AES_128_GCM_SHA256', 'AES128-GCM-SHA256'],
  ['AES_256_GCM_SHA384', 'AES256-GCM-SHA384'],
  ['CHACHA20_POLY1305', 'CHACHA20-POLY1305'],
  ['CHACHA20_POLY1305_SHA256', 'CHACHA20-POLY1305'],
  ['RC4_128_SHA', ''],
  ['3DES_EDE_CBC_SHA', ''],
]);

const exchange: ReadonlyMap<string, string> = new Map([
  ['RSA', ''],
  ['ECDHE_RSA', 'ECDHE-RSA-'],
  ['ECDHE_ECDSA', 'ECDHE-ECDSA-'],
]);

/** Those of TLS 1.3 have the same name on both sides. */
const newest: ReadonlySet<string> = new Set([
  'TLS_AES_128_GCM_SHA256',
  'TLS_AES_256_GCM_SHA384',
  'TLS_CHACHA20_POLY1305_SHA256',
]);

/** Translates a list of names with commas between them. */
export const opensslCiphers = (list: string): Ciphers => {
  const ciphers: string[] = [];
  const gone: string[] = [];
  for (const name of list.split(',').map((item) => item.trim())) {
    const cipher = opensslCipher(name);
    if (cipher === undefined) {
      return { ciphers, gone, unknown: name };
    }
    if (cipher === '') {
      gone.push(name);
    } else {
      ciphers.push(cipher);
    }
  }
  return { ciphers, gone };
};

/** The name in OpenSSL; empty where OpenSSL has no such suite any more, `undefined` where Go has none. */
const opensslCipher = (name: string): string | undefined => {
  if (newest.has(name)) {
    return name;
  }
  const [, how = '', what = ''] = /^TLS_(.+)_WITH_(.+)$/.exec(name) ?? [];
  const first = exchange.get(how);
  const second = strength.get(what);
  if (first === undefined || second === undefined || (how === 'RSA' && what.startsWith('CHACHA20'))) {
    return undefined;
  }
  return second === '' ? '' : `${first}${second}`;
};
