import { createHmac } from 'node:crypto';
import { BlockList, isIPv4, isIPv6 } from 'node:net';

/** Networks whose addresses say nothing about where a peer is: loopback, private, link-local, carrier-grade NAT (RFC 6890). */
const privateNetworks = new BlockList();
for (const [network, bits] of [
  ['127.0.0.0', 8],
  ['10.0.0.0', 8],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
  ['169.254.0.0', 16],
  ['100.64.0.0', 10],
] as const) {
  privateNetworks.addSubnet(network, bits, 'ipv4');
}
for (const [network, bits] of [
  ['::1', 128],
  ['fc00::', 7],
  ['fe80::', 10],
] as const)
  privateNetworks.addSubnet(network, bits, 'ipv6');

/** Addresses of this machine alone. */
const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');

/** The network an address is in: /24 of IPv4, /56 of IPv6, as text that serves only as a key. `unknown` for what is no address. */
export function networkPrefix(address: string): string {
  const plain = plainAddress(address);
  if (isIPv4(plain)) return `${plain.split('.').slice(0, 3).join('.')}.0/24`;
  if (!isIPv6(plain)) return 'unknown';
  // 56 bits are three groups of 16 and the upper half of the fourth.
  const groups = expandIpv6(plain).slice(0, 4);
  groups[3] = groups[3]! & 0xff00;
  return `${groups.map((group) => group.toString(16)).join(':')}::/56`;
}

/**
 * Failure-domain hint of an address: the first 8 bytes, in hex, of HMAC-SHA-256(secret, network prefix). Without the secret it cannot be
 * turned back by trying all prefixes. Undefined for addresses that many unrelated networks share.
 */
export function domainHint(secret: Uint8Array, address: string): string | undefined {
  const plain = plainAddress(address);
  if (!isIPv4(plain) && !isIPv6(plain)) return undefined;
  if (privateNetworks.check(plain, isIPv4(plain) ? 'ipv4' : 'ipv6')) return undefined;
  return createHmac('sha256', secret).update(networkPrefix(plain)).digest('hex').slice(0, 16);
}

/** Whether whoever has this address is on the server's own machine. Behind a proxy that is not counted (`proxies`) all seem to be. */
export function isLoopback(address: string): boolean {
  const plain = plainAddress(address);
  return (isIPv4(plain) && loopback.check(plain)) || (isIPv6(plain) && loopback.check(plain, 'ipv6'));
}

/** Without zone, and an IPv4 address where IPv6 only carries one (`::ffff:192.0.2.1`). */
function plainAddress(address: string): string {
  const bare = address.replace(/%.*$/, '');
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(bare)?.[1];
  return mapped ?? bare;
}

/** The eight 16-bit groups of a valid IPv6 address. */
function expandIpv6(address: string): number[] {
  const [head = '', tail] = address.split('::');
  const before = readGroups(head);
  if (tail === undefined) return before;
  const after = readGroups(tail);
  return [...before, ...new Array<number>(8 - before.length - after.length).fill(0), ...after];
}

function readGroups(text: string): number[] {
  if (text === '') return [];
  return text.split(':').flatMap((group) => {
    if (!group.includes('.')) return [Number.parseInt(group, 16)];
    const [a = 0, b = 0, c = 0, d = 0] = group.split('.').map(Number);
    return [a * 256 + b, c * 256 + d];
  });
}
