import { describe, expect, test } from 'vitest';
import { domainHint, isLoopback, networkPrefix } from './address.ts';

const secret = new Uint8Array(32).fill(7);

describe('network prefixes', () => {
  test.each([
    ['192.0.2.17', '192.0.2.0/24'],
    ['::ffff:192.0.2.17', '192.0.2.0/24'],
    ['2001:db8:1:2ff::1', '2001:db8:1:200::/56'],
    ['2001:db8:1:2ab:1:2:3:4', '2001:db8:1:200::/56'],
    ['::1', '0:0:0:0::/56'],
    ['fe80::1%eth0', 'fe80:0:0:0::/56'],
    ['no address', 'unknown'],
  ])('[SGN-17] %s is counted as %s', (address, prefix) => {
    expect(networkPrefix(address)).toBe(prefix);
  });
});

describe('failure-domain hints', () => {
  test('[SGN-8] a hint is 16 hex characters, equal within one prefix and different outside it', () => {
    const hint = domainHint(secret, '203.0.113.5');
    expect(hint).toMatch(/^[0-9a-f]{16}$/);
    expect(domainHint(secret, '203.0.113.250')).toBe(hint);
    expect(domainHint(secret, '::ffff:203.0.113.9')).toBe(hint);
    expect(domainHint(secret, '203.0.114.5')).not.toBe(hint);
    expect(domainHint(secret, '2001:db8:0:100::1')).toBe(domainHint(secret, '2001:db8:0:1ff::2'));
  });

  test('[SGN-8] without the secret the hint of a known prefix cannot be told', () => {
    expect(domainHint(new Uint8Array(32), '203.0.113.5')).not.toBe(domainHint(secret, '203.0.113.5'));
  });

  test.each([
    '127.0.0.1',
    '::1',
    '10.1.2.3',
    '172.31.0.1',
    '192.168.1.1',
    '169.254.0.1',
    '100.64.0.1',
    'fd00::1',
    'fe80::1%eth0',
    '::ffff:10.0.0.1',
    'x',
  ])('[SGN-8] %s gives no hint', (address) => {
    expect(domainHint(secret, address)).toBeUndefined();
  });
});

test.each([
  ['127.0.0.1', true],
  ['127.9.9.9', true],
  ['::1', true],
  ['::ffff:127.0.0.1', true],
  ['10.1.2.3', false],
  ['192.168.1.1', false],
  ['203.0.113.5', false],
  ['::', false],
  ['fe80::1%lo', false],
  ['x', false],
])('[SGN-25] %s is on this machine: %s', (address, local) => {
  expect(isLoopback(address)).toBe(local);
});
