import { expect, test } from 'vitest';
import { schemaWith } from '../config/schema.ts';
import { peerArgs } from './peer-process.ts';
import { restartDelayMs } from './supervisor.ts';

const config = schemaWith({ home: '/home', peers: 2 }).parse({ domain: 'cellar', metricsPort: 9_100, bandwidth: { up: '5MB/s' } });

test('[CLI-11] each peer has a home and a metrics port of its own, and all that is set about peers', () => {
  const args = peerArgs(2, { config, signaling: 'ws://localhost:1/signaling', logLevel: 'warn' });
  const flag = (name: string): string | undefined => (args.includes(`--${name}`) ? args[args.indexOf(`--${name}`) + 1] : undefined);
  expect(args[0]).toBe('peer');
  expect(['home', 'metrics-port', 'signaling', 'capacity', 'domain', 'bandwidth-up', 'region'].map(flag)).toEqual([
    '/home/peer-2',
    '9101',
    'ws://localhost:1/signaling',
    '10000000000',
    'cellar',
    '5000000',
    undefined,
  ]);
});

test('[CLI-11] a peer that keeps dying is started less and less often', () => {
  expect([1, 2, 3, 6, 7, 100].map(restartDelayMs)).toEqual([1_000, 2_000, 4_000, 32_000, 60_000, 60_000]);
});
