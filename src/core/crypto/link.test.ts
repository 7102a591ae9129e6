import { expect, test } from 'vitest';
import { capabilityIn, linkText, swarmIn } from './link.ts';

test('[CAP-4] a link names origin, capability and every swarm but the default one', () => {
  expect(linkText('https://shoal.example', 'shoal', 'R.abc')).toBe('https://shoal.example/#/r/R.abc');
  expect(linkText('https://shoal.example', 'a & b', 'R.abc')).toBe('https://shoal.example/?swarm=a%20%26%20b#/r/R.abc');
});

test('[CAP-4] what is pasted is read as link or capability, with blanks around it and percent-encoding in it', () => {
  for (const pasted of ['R.abc', ' R.abc\n', 'https://x/#/r/R.abc', 'https://x/?swarm=y#/r/R%2Eabc'])
    expect(capabilityIn(pasted)).toBe('R.abc');
  expect(capabilityIn('%')).toBe('%');
});

test('[CAP-4] a link tells its swarm, a capability tells none', () => {
  expect(swarmIn(linkText('https://x', 'a & b', 'R.abc'))).toBe('a & b');
  expect(swarmIn('https://x/?profile=p&swarm=a+b#/r/R.abc')).toBe('a b');
  expect(swarmIn('https://x/#/r/R.abc')).toBe('shoal');
  expect(swarmIn('R.abc')).toBeUndefined();
});
