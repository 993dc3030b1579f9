// Which addresses a name that a pod's author wrote may lead to.
import { type LookupAddress, lookup } from 'node:dns';
import { BlockList, isIP, type LookupFunction } from 'node:net';

/**
 * Addresses that lead back into the machine, to its neighbours on the link, or to a cloud's metadata, which gives
 * credentials to whoever asks from there.
 */
const createBlockList = (): BlockList => {
  const list = new BlockList();
  for (const [network, prefix] of [
    ['0.0.0.0', 8],
    ['127.0.0.0', 8],
    ['169.254.0.0', 16],
    ['192.0.0.0', 24],
    ['224.0.0.0', 3],
    ['100.100.100.200', 32],
    ['168.63.129.16', 32],
  ] as const) {
    list.addSubnet(network, prefix, 'ipv4');
  }
  for (const [network, prefix] of [
    ['::', 127],
    ['fe80::', 10],
    ['ff00::', 8],
    ['fd00:ec2::', 32],
    ['fd20:ce::', 32],
    // IPv4 in other clothes: NAT64 (also with a prefix of the network's own), 6to4 and Teredo.
    ['64:ff9b::', 96],
    ['64:ff9b:1::', 48],
    ['2002::', 16],
    ['2001::', 32],
  ] as const) {
    list.addSubnet(network, prefix, 'ipv6');
  }
  return list;
};

const blocked = createBlockList();

/** Tells whether an IP address is one that no pod's author may have podgraft ask. */
export const isBlockedAddress = (address: string): boolean => {
  const family = isIP(address);
  return family !== 0 && blocked.check(address, family === 6 ? 'ipv6' : 'ipv4');
};

/** The code of the error that {@link guardedLookup} gives for such an address. */
export const BLOCKED = 'PODGRAFT_BLOCKED_ADDRESS';

/**
 * Resolves names as Node does, and fails where one of the addresses is blocked. What is checked is what is connected
 * to: there is no second resolution in which a name could change.
 */
export const guardedLookup: LookupFunction = (hostname, options, callback) => {
  lookup(hostname, { ...options, all: true }, (error, addresses) => {
    const failure = error ?? failureOf(addresses);
    const [first] = addresses ?? [];
    if (failure !== undefined || first === undefined) {
      callback(failure ?? blockedError(), '', 0);
    } else if (options.all === true) {
      callback(null, addresses);
    } else {
      callback(null, first.address, first.family);
    }
  });
};

const failureOf = (addresses: readonly LookupAddress[]): Error | undefined =>
  addresses.some(({ address }) => isBlockedAddress(address)) ? blockedError() : undefined;

const blockedError = (): Error => Object.assign(new Error('the address is blocked'), { code: BLOCKED });
