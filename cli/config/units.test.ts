import { expect, test } from 'vitest';
import { parseRate, parseSize } from './units.ts';

test.each([
  ['0', 0],
  ['4096', 4_096],
  ['1 B', 1],
  ['10GB', 10_000_000_000],
  ['500 MB', 500_000_000],
  ['2GiB', 2_147_483_648],
  ['1.5 TB', 1_500_000_000_000],
  ['64kB', 64_000],
  ['64kib', 65_536],
  ['1mb', 1_000_000],
])('[CONF-4] %s is %i bytes', (text, bytes) => expect(parseSize(text)).toBe(bytes));

test.each(['', 'GB', '10G', '10 XB', '-1', '1e9', '10 GB/s', '5Mb', '5Mib', '1,5GB', '9007199254740992', '99999999TB'])(
  '[CONF-4] "%s" is no size',
  (text) => expect(parseSize(text)).toBeUndefined(),
);

test.each([
  ['5MB/s', 5_000_000],
  ['800 kB / s', 800_000],
  ['1000', 1_000],
])('[CONF-4] %s is %i bytes a second', (text, rate) => expect(parseRate(text)).toBe(rate));

test.each(['5Mb/s', '5MB/m', '/s', ''])('[CONF-4] "%s" is no rate', (text) => expect(parseRate(text)).toBeUndefined());
