import { expect, test } from 'vitest';
import { knownIceServers } from './ice-servers.ts';

test('[NRTC-6] credentials are written as they belong into an address', () => {
  expect(knownIceServers([{ urls: ['turn:relay.example:3478?transport=tcp'], username: '1700000000:ann', credential: 'a+/=@' }])).toEqual([
    { urls: ['turn:relay.example:3478?transport=tcp'], username: '1700000000%3Aann', credential: 'a%2B%2F%3D%40' },
  ]);
});

test('[NRTC-6] what the engine does not know is left out, and the rest is used', () => {
  expect(
    knownIceServers([{ urls: ['stuns:a.example', 'stun:b.example'] }, { urls: 'turn:no-credentials.example' }, { urls: 'stun:c.example' }]),
  ).toEqual([{ urls: ['stun:b.example'] }, { urls: ['stun:c.example'] }]);
});
