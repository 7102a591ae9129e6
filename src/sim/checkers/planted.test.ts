import { expect, test } from 'vitest';
import { nodeCrypto } from '../../platform/node/crypto.ts';
import { bestCoders } from '../../../workers/kernel/kernel.ts';
import { drain } from '../../../test/links-world.ts';
import type { PeerOptions } from '../../peer/peer.ts';
import type { Link, SealJob } from '../../peer/ports.ts';
import { kinds } from '../../core/wire/kinds.ts';
import { callsMax } from '../../core/wire/limits.ts';
import { controlFrames, encodeMessage } from '../../core/wire/message.ts';
import { calm, type Faults } from '../faults.ts';
import { createLedger } from '../ledger.ts';
import { messageBegunBy } from '../request-count.ts';
import { type Simulated, simulate } from '../run.ts';
import { checkers } from './all.ts';
import { together } from './checker.ts';

type Plant = (ports: PeerOptions) => PeerOptions;

/** A small swarm of busy people for half an hour, in which every peer has the bug. */
const run = (seed: number, faults: Faults, plant?: Plant): Promise<Simulated> =>
  simulate({
    ...{ seed: `${seed}`, peers: 5, hours: 0.5, busy: 8, faults, drain },
    ...(plant === undefined ? {} : { plant }),
    engine: nodeCrypto(),
    coder: bestCoders(),
    realNow: () => 0,
  });

const withForger: Faults = { ...calm, roles: { ...calm.roles, forger: 0.2 } };
const withSpeakers: Faults = { ...calm, roles: { ...calm.roles, forger: 0.2, equivocator: 0.2, flooder: 0.2 } };

/** Every link of a peer, changed. */
const links =
  (change: (link: Link, ports: PeerOptions) => Partial<Link>): Plant =>
  (ports) => ({
    ...ports,
    dialer: {
      dial: (node, initiator, events) =>
        ports.dialer.dial(node, initiator, {
          ...events,
          link: (link) =>
            events.link({
              fingerprints: link.fingerprints,
              get bufferedAmount() {
                return link.bufferedAmount;
              },
              listen: (events) => link.listen(events),
              send: (frame) => link.send(frame),
              close: () => link.close(),
              ...change(link, ports),
            }),
        }),
    },
  });

const bugs: Readonly<Record<string, { readonly plant: Plant; readonly faults?: Faults }>> = {
  /** A reader does not look whether what it opened is what was sealed. */
  'read-equals-stored': {
    plant: (ports) => ({
      ...ports,
      codec: {
        ...ports.codec,
        async open(job) {
          const opener = await ports.codec.open(job);
          return {
            begin: (excerpt) => opener.begin(excerpt),
            add: (leaves) => opener.add(leaves),
            header: () => opener.header(),
            close: () => opener.close(),
            async next(spare) {
              const bytes = await opener.next(spare);
              if (bytes.length > 0) bytes[0]! ^= 1;
              return bytes;
            },
          };
        },
      },
    }),
  },
  /** Every signature counts as good. */
  'no-change-without-authority': {
    faults: withForger,
    plant: (ports) => ({ ...ports, crypto: { ...ports.crypto, verify: async () => true } }),
  },
  /** What was there before is written over a record that has a tombstone. */
  'tombstone-final': {
    plant: (ports) => ({
      ...ports,
      meta: {
        ...ports.meta,
        async put(kind, key, value) {
          const before = await ports.meta.get(kind, key);
          await ports.meta.put(kind, key, value);
          if (kind === 'record' && before !== undefined) await ports.meta.put(kind, key, before);
        },
      },
    }),
  },
  /** A keeper keeps the first state of a record that it hears of. */
  'replicas-equal': {
    plant: (ports) => ({
      ...ports,
      meta: {
        ...ports.meta,
        async put(kind, key, value) {
          if (kind === 'record' && (await ports.meta.get(kind, key)) !== undefined && ports.random.bytes(1)[0]! < 128) return;
          await ports.meta.put(kind, key, value);
        },
      },
    }),
  },
  /** A deleted shard stays on the disk. */
  'removed-bytes-return': {
    plant: (ports) => ({ ...ports, shards: { ...ports.shards, delete: async () => {} } }),
  },
  /** The list of own files is sealed with one nonce. */
  'no-nonce-on-two-plaintexts': {
    plant: (ports) => ({
      ...ports,
      random: { bytes: (length) => (length === 12 ? new Uint8Array(length) : ports.random.bytes(length)) },
    }),
  },
  /** An owner keeps a shard of its own file. */
  'owner-holds-no-own-shard': {
    plant: (ports) => ({ ...ports, codec: { ...ports.codec, seal: (job) => keepsOwn(ports, job) } }),
  },
  /** Room is promised without looking what is left. */
  'capacity-never-passed': {
    plant: (ports) => ({
      ...ports,
      shards: {
        ...ports.shards,
        setCapacity: (capacity) => ports.shards.setCapacity(10 * capacity),
        async stage(place, length) {
          for (let i = 0; i < 20; i++) await ports.shards.stage({ ...place, segment: 1_000 + i }, 1_048_576).catch(() => {});
          return ports.shards.stage(place, length);
        },
      },
    }),
  },
  /** A sender does not look how much waits. */
  'queues-never-passed': {
    faults: { ...calm, network: { ...calm.network, bytesPerSecond: 100_000 } },
    plant: links((link) => ({
      send(frame) {
        for (let i = 0; i < 20; i++) link.send(new Uint8Array(16_384));
        link.send(frame);
      },
    })),
  },
  /** Requests are made without looking how many are under way. */
  'requests-never-passed': {
    plant: (ports) => {
      let begun = false;
      const many = links((link) => ({
        send(frame) {
          link.send(frame);
          if (begun || messageBegunBy(frame)?.kind !== kinds.digest) return;
          begun = true;
          for (let i = 0; i <= callsMax; i++)
            link.send(controlFrames(encodeMessage({ kind: kinds.recordGet, id: 100_001 + 2 * i, body: new Map() }))[0]!);
        },
      }));
      return many(ports);
    },
  },
  /** Keys ride along with what is sent. */
  'no-planted-secret-leaves': {
    plant: (ports) => {
      let secret = new Uint8Array();
      const leaky = links((link) => ({
        send: (frame) => link.send(secret.length === 0 ? frame : new Uint8Array([...frame, ...secret])),
      }))(ports);
      return {
        ...leaky,
        codec: {
          ...leaky.codec,
          seal(job) {
            secret = job.readKey.slice();
            return leaky.codec.seal(job);
          },
        },
      };
    },
  },
};

async function keepsOwn(ports: PeerOptions, job: SealJob) {
  const sealer = await ports.codec.seal(job);
  const place = { contentRoot: 'ab'.repeat(32), segment: 0, shard: 0 };
  const staged = await ports.shards.stage(place, 1);
  await staged.write(new Uint8Array(1));
  const digests = new Uint8Array(32);
  await staged.commit({ ...place, length: 1, root: digests, digests, owner: job.objectKey, lease: 0 });
  return sealer;
}

test('[SIM-9] a sound swarm violates nothing, with others in it that forge, equivocate and flood', async () => {
  const { report, violations } = await run(1, withSpeakers);
  expect(violations).toEqual([]);
  expect(report.outcomes).toMatchObject({ misses: 0 });
  const unchecked = Object.entries(report.invariants).filter(([, { checks }]) => checks === 0);
  expect(unchecked).toEqual([]);
});

test.each(Object.keys(bugs))('[SIM-9] a planted bug is found within three seeds: %s', async (invariant) => {
  const { plant, faults = calm } = bugs[invariant]!;
  for (let seed = 1; seed <= 3; seed++) {
    const { report } = await run(seed, faults, plant);
    if (report.invariants[invariant]!.violations > 0) return;
  }
  expect.fail(`${invariant} was not found to be violated`);
});

test('[SIM-9] a reader that is handed an older version after a newer one is found', () => {
  const ledger = createLedger();
  const { sights, counts } = together(checkers, { ledger, nowMs: () => 0, machine: () => undefined, startedMs: () => 0 });
  const who = { node: 'ab', honest: true };
  const objectKey = new Uint8Array(32);
  const read = (version: number): void => sights.read(who, { objectKey, version, bytes: new Uint8Array(), begunMs: 0 });
  for (const version of [1, 2, 2]) read(version);
  expect(counts['version-never-back']).toEqual({ checks: 3, violations: 0 });
  read(1);
  expect(counts['version-never-back']).toEqual({ checks: 4, violations: 1 });
});
