import { expect, test } from 'vitest';
import { closest, editDistance } from './suggest.ts';

test.each([
  ['', '', 0],
  ['port', 'port', 0],
  ['prot', 'port', 1],
  ['por', 'port', 1],
  ['ports', 'port', 1],
  ['part', 'port', 1],
  ['kitten', 'sitting', 3],
])('from %s to %s it is %i steps', (a, b, steps) => expect(editDistance(a, b)).toBe(steps));

test.each([
  ['sawrm', 'swarm'],
  ['server.prot', 'server.port'],
  ['port', 'server.port'],
  ['tls-cert', 'server.tlsCert'],
  ['SERVER.TLS_KEY', 'server.tlsKey'],
  ['xyz', undefined],
  ['', undefined],
])('[CONF-3] who writes %s may have meant %s', (word, meant) =>
  expect(closest(word, ['swarm', 'signaling', 'server.port', 'server.tlsCert', 'server.tlsKey'])).toBe(meant),
);
