import { expect, test } from 'vitest';
import { linkOf } from './links.ts';

test('[CAP-4] a link leads to the swarm of its file', () => {
  const origin = 'https://example.org';
  expect(linkOf('R.x', { origin, search: '' })).toBe('https://example.org/#/r/R.x');
  expect(linkOf('R.x', { origin, search: '?profile=a&swarm=shoal' })).toBe('https://example.org/#/r/R.x');
  expect(linkOf('R.x', { origin, search: '?profile=a&swarm=our%20swarm' })).toBe('https://example.org/?swarm=our%20swarm#/r/R.x');
});
