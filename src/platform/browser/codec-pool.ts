import * as Comlink from 'comlink';
import { ShoalError } from '../../core/errors.ts';
import type { Codec, LeafRange, Opener, OpenJob, Sealer, SealJob } from '../../peer/ports.ts';

/** A codec worker as its pool calls it. */
export interface CodecWorkerApi {
  seal(job: SealJob): Sealer & Comlink.ProxyMarked;
  open(job: OpenJob): Opener & Comlink.ProxyMarked;
}

/** Threads for sealing and opening on a machine with this many cores: one is left for the page and the peer. */
export const codecWorkersFor = (cores: number): number => Math.max(1, Math.min(4, cores - 1));

interface Member {
  readonly api: Comlink.Remote<CodecWorkerApi>;
  jobs: number;
}

/**
 * The Codec of a tab: a pool of codec workers, each new job on the one with fewest. Workers are started by the first job that needs them.
 * Blocks and leaves are transferred, never copied.
 */
export function codecPool(spawn: () => Worker, size: number): Codec {
  const members: Member[] = [];

  const leastBusy = (): Member => {
    const idle = members.find(({ jobs }) => jobs === 0);
    if (idle !== undefined) return idle;
    if (members.length < size) members.push({ api: Comlink.wrap<CodecWorkerApi>(spawn()), jobs: 0 });
    return members.reduce((least, each) => (each.jobs < least.jobs ? each : least));
  };

  return {
    async seal(job) {
      const member = leastBusy();
      const { call, end } = occupy(member);
      const sealer = (await member.api.seal(job)) as Comlink.Remote<Sealer>;
      return {
        commit: (progress) => call(() => sealer.commit(Comlink.proxy(progress))),
        stripe: (stripe, shards) => call(() => sealer.stripe(stripe, shards)),
        close: () => end(() => sealer.close(), sealer),
      };
    },
    async open(job) {
      const member = leastBusy();
      const { call, end } = occupy(member);
      const opener = (await member.api.open(job)) as Comlink.Remote<Opener>;
      return {
        add: (leaves: LeafRange) => call(() => opener.add(Comlink.transfer(leaves, [leaves.bytes.buffer as ArrayBuffer]))),
        next: () => call(() => opener.next()),
        header: () => call(() => opener.header()),
        close: () => end(() => opener.close(), opener),
      };
    },
  };
}

/** A job counted on its member. */
interface Occupation {
  /** Calls the remote end; throws `cancelled` once the job has ended. */
  call<T>(send: () => Promise<T>): Promise<T>;
  /** Ends the job, once: closes the remote end, and lets go of it when every call has its answer, which would be lost otherwise. */
  end(close: () => Promise<void>, remote: { [Comlink.releaseProxy](): void }): void;
}

function occupy(member: Member): Occupation {
  const unanswered = new Set<Promise<unknown>>();
  let ended = false;
  member.jobs += 1;
  return {
    async call(send) {
      if (ended) throw new ShoalError('cancelled', 'This job has ended.');
      const answer = send();
      unanswered.add(answer);
      try {
        return await answer;
      } finally {
        unanswered.delete(answer);
      }
    },
    end(close, remote) {
      if (ended) return;
      ended = true;
      member.jobs -= 1;
      void Promise.allSettled([close(), ...unanswered]).then(() => remote[Comlink.releaseProxy]());
    },
  };
}
