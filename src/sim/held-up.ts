import { decodeRecord } from '../core/record/stored.ts';
import type { Codec, MetaStore, ShardStore } from '../peer/ports.ts';
import type { JoinOptions } from './swarm.ts';

/* Peers of which a part stands still for as long as a test wants it to. */

/** Nothing is sealed while `stuck.now`: a new version stops there. */
export function stuckCodec(stuck: { now: boolean }): JoinOptions {
  const codec = (inner: Codec): Codec => ({
    ...inner,
    seal: async (job) => {
      const sealer = await inner.seal(job);
      return { ...sealer, stripe: (...wanted) => (stuck.now ? new Promise<never>(() => {}) : sealer.stripe(...wanted)) };
    },
  });
  return { around: (ports) => ({ ...ports, codec: codec(ports.codec) }) };
}

/** What is noted of own files once the record here has a second version is noted when `then` resolves. */
export function slowNotes(then: Promise<void>): JoinOptions {
  const slow = (inner: MetaStore): MetaStore => {
    let isSecond = false;
    return {
      ...inner,
      async put(kind, key, value) {
        if (kind === 'own' && isSecond) await then;
        await inner.put(kind, key, value);
        if (kind === 'record') isSecond ||= decodeRecord(value).heads[0]?.descriptor.version === 2;
      },
    };
  };
  return { around: (ports) => ({ ...ports, meta: slow(ports.meta) }) };
}

/** A disk that has nothing durable while `hangs.now`: what its peer is sent it does not claim, and for 10 s a new version is not whole. */
export function hangingDisk(hangs: { now: boolean }): JoinOptions {
  const hanging = (inner: ShardStore): ShardStore => ({
    ...inner,
    usage: () => inner.usage(),
    async stage(...asked) {
      const staged = await inner.stage(...asked);
      return { ...staged, commit: (meta) => (hangs.now ? new Promise<never>(() => {}) : staged.commit(meta)) };
    },
  });
  return { around: (ports) => ({ ...ports, shards: hanging(ports.shards) }) };
}
