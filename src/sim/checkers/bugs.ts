import { kinds } from '../../core/wire/kinds.ts';
import { callsMax } from '../../core/wire/limits.ts';
import { controlFrames, encodeMessage } from '../../core/wire/message.ts';
import type { PeerOptions } from '../../peer/peer.ts';
import type { Link, SealJob } from '../../peer/ports.ts';
import { calm, type Faults } from '../faults.ts';
import { messageBegunBy } from '../request-count.ts';

type Plant = (ports: PeerOptions) => PeerOptions;

/** A bug that is put around the ports of every peer, and the invariant that it violates. */
export interface Bug {
  readonly invariant: string;
  readonly what: string;
  readonly plant: Plant;
  /** In which it shows; `calm` where absent. */
  readonly faults?: Faults;
  /** How many peers it takes; 5 where absent. */
  readonly peers?: number;
}

const withForger: Faults = { ...calm, roles: { ...calm.roles, forger: 0.2 } };
/** Disks take their time, so that requests made together are under way together. */
const withFlooder: Faults = { ...calm, disk: { ...calm.disk, readMs: 5 }, roles: { ...calm.roles, flooder: 0.2 } };

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

export const bugs: readonly Bug[] = [
  {
    invariant: 'read-equals-stored',
    what: 'a reader does not look whether what it opened is what was sealed',
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
  {
    invariant: 'no-change-without-authority',
    what: 'every signature counts as good',
    faults: withForger,
    plant: (ports) => ({ ...ports, crypto: { ...ports.crypto, verify: async () => true } }),
  },
  {
    invariant: 'tombstone-final',
    what: 'a record with a tombstone is forgotten, and what was there before is taken again',
    plant: (ports) => ({
      ...ports,
      meta: {
        ...ports.meta,
        async put(kind, key, value) {
          const before = await ports.meta.get(kind, key);
          await ports.meta.put(kind, key, value);
          if (kind !== 'record' || before === undefined) return;
          await ports.meta.delete(kind, key);
          await ports.meta.put(kind, key, before);
        },
      },
    }),
  },
  {
    invariant: 'tombstone-final',
    what: 'a tombstone is forgotten at once',
    plant: (ports) => ({ ...ports, policy: { ...ports.policy, tombstoneMs: 0 } }),
  },
  {
    invariant: 'records-found',
    what: 'nobody answers who asks for a record',
    // So many that not everybody keeps every record.
    peers: 16,
    plant: links((link) => ({
      listen: (events) =>
        link.listen({
          ...events,
          frame(frame) {
            if (messageBegunBy(frame)?.kind !== kinds.recordGet) events.frame(frame);
          },
        }),
    })),
  },
  {
    invariant: 'replicas-equal',
    what: 'a keeper keeps the first state of a record that it hears of',
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
  {
    invariant: 'removed-bytes-return',
    what: 'a deleted shard stays on the disk',
    plant: (ports) => ({ ...ports, shards: { ...ports.shards, delete: async () => {} } }),
  },
  {
    invariant: 'no-nonce-on-two-plaintexts',
    what: 'the list of own files is sealed with one nonce',
    plant: (ports) => ({
      ...ports,
      random: { bytes: (length) => (length === 12 ? new Uint8Array(length) : ports.random.bytes(length)) },
    }),
  },
  {
    invariant: 'owner-holds-no-own-shard',
    what: 'an owner keeps a shard of its own file',
    plant: (ports) => ({ ...ports, codec: { ...ports.codec, seal: (job) => keepsOwn(ports, job) } }),
  },
  {
    invariant: 'capacity-never-passed',
    what: 'room is promised without looking what is left',
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
  {
    invariant: 'queues-never-passed',
    what: 'a sender does not look how much waits',
    faults: { ...calm, network: { ...calm.network, bytesPerSecond: 100_000 } },
    plant: links((link) => ({
      send(frame) {
        for (let i = 0; i < 20; i++) link.send(new Uint8Array(16_384));
        link.send(frame);
      },
    })),
  },
  {
    invariant: 'requests-never-passed',
    what: 'requests are made without looking how many are under way',
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
  {
    invariant: 'requests-never-passed',
    what: 'what is too much at once is never answered',
    faults: withFlooder,
    plant: links((link) => ({
      send(frame) {
        if (messageBegunBy(frame)?.kind !== kinds.error) link.send(frame);
      },
    })),
  },
  {
    invariant: 'no-planted-secret-leaves',
    what: 'keys ride along with what is sent',
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
];

async function keepsOwn(ports: PeerOptions, job: SealJob) {
  const sealer = await ports.codec.seal(job);
  const place = { contentRoot: 'ab'.repeat(32), segment: 0, shard: 0 };
  const staged = await ports.shards.stage(place, 1);
  await staged.write(new Uint8Array(1));
  const digests = new Uint8Array(32);
  await staged.commit({ ...place, length: 1, root: digests, digests, owner: job.objectKey, lease: 0 });
  return sealer;
}
