// Client certificates: the facts that a platform verified, and whether one of their names is accepted.
import { isObject, own } from '../json.ts';
import { commonName } from './distinguished-name.ts';

/** What a platform says of the certificate that a client showed. */
export interface ClientCertificate {
  /** Whether the platform verified it: its chain, its time, and that the client has the key. */
  readonly verified: boolean;
  /** Its names, with their kind: `CN:kube-apiserver`, `DNS:…`, `URI:…`, `IP:…`, `EMAIL:…`. */
  readonly names: readonly string[];
}

const NAME = /^(?:CN|DNS|URI|IP|EMAIL):./;

/** Tells whether a text names a kind of name and a name. */
export const isCertificateName = (text: string): boolean => NAME.test(text);

/**
 * Reads the facts that Cloudflare gives a Worker as `request.cf.tlsClientAuth`
 * ([reference](https://developers.cloudflare.com/workers/runtime-apis/request/#incomingrequestcfproperties)).
 * They name no subject alternative names, so the certificate has its common name alone.
 *
 * @returns `undefined` where the client showed no certificate
 */
export const readTlsClientAuth = (facts: unknown): ClientCertificate | undefined => {
  if (!isObject(facts) || own(facts, 'certPresented') !== '1') {
    return undefined;
  }
  const subject = own(facts, 'certSubjectDNRFC2253');
  const name = typeof subject === 'string' ? commonName(subject) : undefined;
  return {
    verified: own(facts, 'certVerified') === 'SUCCESS' && own(facts, 'certRevoked') === '0',
    names: name === undefined ? [] : [`CN:${name}`],
  };
};
