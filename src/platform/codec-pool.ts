import * as Comlink from 'comlink';
import { ShoalError } from '../core/errors.ts';
import type { Codec, LeafRange, Opener, OpenJob, Sealer, SealJob } from '../peer/ports.ts';

/** A codec worker as its pool calls it. */
export interface CodecWorkerApi {
  seal(job: SealJob): Sealer & Comlink.ProxyMarked;
  open(job: OpenJob): Opener & Comlink.ProxyMarked;
}

/** Threads for sealing and opening on a machine with this many cores: one is left for the page and the peer. */
export const codecWorkersFor = (cores: number): number => Math.max(1, Math.min(4, cores - 1));

/** A thread that serves codecs, in whatever way this platform has threads. */
export interface CodecThread {
  readonly endpoint: Comlink.Endpoint;
  /** `told` is called when the thread could not start, broke or was ended, in the last case with the reason for what it still owes. */
  onFailure(told: (reason?: ShoalError) => void): void;
  terminate(): void;
}

interface Member {
  readonly api: Comlink.Remote<CodecWorkerApi>;
  jobs: number;
  /** Tells each call without an answer that none will come. */
  readonly waiting: Set<(reason: ShoalError) => void>;
}

/**
 * The Codec of a tab or a Node peer: a pool of codec workers, each new job on the one with fewest, each worker started by the first job
 * that needs it.
 * Blocks (there and back) and leaves are transferred, never copied. What is asked of a worker that fails, throws `internal`.
 *
 * @param oneAtOnce starts a first worker before there is a job: in a tab the server that its code comes from may be gone later, and the
 *   browser has the code for the others then
 */
export function codecPool(spawn: () => CodecThread, size: number, oneAtOnce: boolean): Codec {
  const members: Member[] = [];

  const start = (): Member => {
    const thread = spawn();
    const member: Member = { api: Comlink.wrap<CodecWorkerApi>(thread.endpoint), jobs: 0, waiting: new Set() };
    members.push(member);
    const failed = (reason = new ShoalError('internal', 'The worker that encrypts and decrypts could not be started, or broke.')): void => {
      if (!members.includes(member)) return;
      thread.terminate();
      members.splice(members.indexOf(member), 1);
      for (const reject of member.waiting) reject(reason);
    };
    thread.onFailure(failed);
    return member;
  };
  if (oneAtOnce) start();

  const leastBusy = (): Member => {
    const least = members.toSorted((a, b) => a.jobs - b.jobs)[0];
    return least === undefined || (least.jobs > 0 && members.length < size) ? start() : least;
  };

  return {
    async seal(job) {
      const { call, end, member } = occupy(leastBusy());
      const sealer = (await call(() => member.api.seal(job))) as Comlink.Remote<Sealer>;
      return {
        commit: (progress) => call(() => sealer.commit(Comlink.proxy(progress))),
        stripe: (stripe, shards, spare = []) =>
          call(() => {
            const buffers = spare.map(({ buffer }) => buffer as ArrayBuffer);
            return sealer.stripe(stripe, shards, Comlink.transfer([...spare], buffers));
          }),
        close: () => end(() => sealer.close(), sealer),
      };
    },
    async open(job) {
      const { call, end, member } = occupy(leastBusy());
      const opener = (await call(() => member.api.open(job))) as Comlink.Remote<Opener>;
      return {
        begin: (excerpt) => call(() => opener.begin(excerpt)),
        add: (leaves: LeafRange) => call(() => opener.add(Comlink.transfer(leaves, [leaves.bytes.buffer as ArrayBuffer]))),
        next: (spare) => call(() => opener.next(spare === undefined ? spare : Comlink.transfer(spare, [spare.buffer as ArrayBuffer]))),
        header: () => call(() => opener.header()),
        close: () => end(() => opener.close(), opener),
      };
    },
  };
}

/** A job counted on its member. */
interface Occupation {
  readonly member: Member;
  /** What `send`, a call to the worker, gives; throws `cancelled` once the job has ended. */
  call<T>(send: () => Promise<T>): Promise<T>;
  /** Ends the job, once: closes the remote end, and lets go of it when every call has its answer, which would be lost otherwise. */
  end(close: () => Promise<void>, remote: { [Comlink.releaseProxy](): void }): void;
}

function occupy(member: Member): Occupation {
  const unanswered = new Set<Promise<unknown>>();
  let ended = false;
  member.jobs += 1;
  return {
    member,
    async call(send) {
      if (ended) throw new ShoalError('cancelled', 'This job has ended.');
      const answer = answerOf(member, send);
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
      void Promise.allSettled([answerOf(member, close), ...unanswered]).then(() => remote[Comlink.releaseProxy]());
    },
  };
}

/** Rejects when the worker fails first. (Not by Promise.race with one promise for all, which would keep every answer.) */
function answerOf<T>({ waiting }: Member, send: () => Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    waiting.add(reject);
    void send()
      .then(resolve, reject)
      .finally(() => waiting.delete(reject));
  });
}
