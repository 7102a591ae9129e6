import { expect, test } from 'vitest';
import { addressElsewhere, capabilityIn, linkOf } from './links.ts';

test('[CAP-4] a link leads to the swarm of its file', () => {
  const origin = 'https://example.org';
  expect(linkOf('R.x', { origin, search: '' })).toBe('https://example.org/#/r/R.x');
  expect(linkOf('R.x', { origin, search: '?profile=a&swarm=shoal' })).toBe('https://example.org/#/r/R.x');
  expect(linkOf('R.x', { origin, search: '?profile=a&swarm=our%20swarm' })).toBe('https://example.org/?swarm=our%20swarm#/r/R.x');
});

test('[UI-24] a pasted link opens in the swarm that it names, with the profile of this page', () => {
  const page = (search: string) => (pasted: string) => addressElsewhere(pasted, { search });
  expect(page('')('https://example.org/?swarm=our%20swarm#/r/R.x')).toBe('/?swarm=our+swarm#/r/R.x');
  expect(page('?profile=a')(' http://10.0.0.1:8080/?swarm=b#/r/R.x\n')).toBe('/?profile=a&swarm=b#/r/R.x');
  expect(page('?swarm=a&profile=b')('https://example.org/?swarm=c&profile=d#/r/R.x')).toBe('/?swarm=c&profile=b#/r/R.x');
  expect(page('?swarm=a')('https://example.org/#/r/R.x')).toBe('/#/r/R.x');
});

test('[UI-24] a link of this swarm, a bare capability, and what is no link open here', () => {
  for (const pasted of [
    'https://example.org/#/r/R.x',
    'https://elsewhere.org/?swarm=shoal#/r/R.x',
    'R.x',
    '#/r/R.x',
    'what?swarm=b#/r/R.x',
    '',
  ])
    expect(addressElsewhere(pasted, { search: '' })).toBeUndefined();
  expect(addressElsewhere('https://example.org/?swarm=b#/r/R.x', { search: '?swarm=b' })).toBeUndefined();
  expect(addressElsewhere('https://example.org/?swarm=b#/settings', { search: '' })).toBeUndefined();
});

test('[UI-24] the capability of a pasted link is what follows its route, percent-encoding undone', () => {
  expect(capabilityIn(' https://example.org/?swarm=b#/r/R.x%2Dy ')).toBe('R.x-y');
  expect(capabilityIn('#/r/R.x')).toBe('R.x');
  expect(capabilityIn(' R.x\n')).toBe('R.x');
  expect(capabilityIn('%')).toBe('%');
});
