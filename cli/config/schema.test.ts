import { expect, test } from 'vitest';
import { schemaWith, signalingUrl } from './schema.ts';

const schema = schemaWith({ home: '/home', peers: 0 });

test('[CONF-1] without anything there are defaults: this machine only, port 8080, no peers', () => {
  expect(schema.parse({})).toMatchObject({
    home: '/home',
    signaling: 'ws://localhost:8080/signaling',
    swarm: 'shoal',
    logLevel: 'info',
    server: { host: 'localhost', port: 8080, iceServers: [], proxies: 0, peers: 0 },
  });
});

test('[CONF-1] limits are changed one by one', () => {
  const { server } = schema.parse({ server: { limits: { socketsMax: 7, socket: { knock: { perSecond: 1, burst: 2 } } } } });
  expect(server.limits).toMatchObject({ socketsMax: 7, swarmPeersMax: 1_000, socket: { knock: { perSecond: 1, burst: 2 } } });
});

test('[CONF-1] at most 16 ICE servers of at most 8 addresses are taken', () => {
  const servers = (count: number, urls: number): boolean => {
    const iceServers = Array.from({ length: count }, () => ({ urls: Array.from({ length: urls }, () => 'stun:a') }));
    return schema.safeParse({ server: { iceServers } }).success;
  };
  expect([servers(16, 8), servers(17, 1), servers(1, 9), servers(1, 0)]).toEqual([true, false, false, false]);
});

test.each([
  ['https://shoal.example.org/', 'wss://shoal.example.org/signaling'],
  ['http://localhost:8080', 'ws://localhost:8080/signaling'],
  [' https://shoal.example.org/?swarm=b#/r/R.x\n', 'wss://shoal.example.org/signaling'],
  ['wss://shoal.example.org', 'wss://shoal.example.org/signaling'],
  ['ws://10.0.0.1:99/elsewhere', 'ws://10.0.0.1:99/elsewhere'],
  ['ftp://shoal.example.org', undefined],
  ['shoal.example.org', undefined],
  ['localhost:8080', undefined],
  ['', undefined],
])('[CONF-8] %j leads to %s', (text, url) => expect(signalingUrl(text)).toBe(url));
