import * as Comlink from 'comlink';
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
      const release = occupy(member);
      const sealer = (await member.api.seal(job)) as Comlink.Remote<Sealer>;
      return {
        commit: (progress) => sealer.commit(Comlink.proxy(progress)),
        stripe: (stripe, shards) => sealer.stripe(stripe, shards),
        close: () => release(() => sealer.close(), sealer),
      };
    },
    async open(job) {
      const member = leastBusy();
      const release = occupy(member);
      const opener = (await member.api.open(job)) as Comlink.Remote<Opener>;
      return {
        add: (leaves: LeafRange) => opener.add(Comlink.transfer(leaves, [leaves.bytes.buffer as ArrayBuffer])),
        next: () => opener.next(),
        header: () => opener.header(),
        close: () => release(() => opener.close(), opener),
      };
    },
  };
}

/** Counts a job on a member; the returned function ends it once: closes the remote end, then lets go of it. */
function occupy(member: Member): (close: () => Promise<void>, remote: { [Comlink.releaseProxy](): void }) => void {
  member.jobs += 1;
  let released = false;
  return (close, remote) => {
    if (released) return;
    released = true;
    member.jobs -= 1;
    close().then(
      () => remote[Comlink.releaseProxy](),
      () => {},
    );
  };
}
