import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** Two processes of one program that link with each other, and carry bytes from the first to the second when told to. */
export interface TwoProcesses {
  /** Sends `bytes` to the last of them taken; bytes per microsecond, which is 10^6 bytes a second. */
  carry(bytes: number): Promise<number>;
  end(): void;
}

/** What the programs say; `hello` is whatever the other one has to know of this one. */
type Said =
  | { readonly t: 'ready'; readonly hello: string }
  | { readonly t: 'signal'; readonly data: unknown }
  | { readonly t: 'linked' }
  | { readonly t: 'carried'; readonly ms: number };

/** Starts `program` (a file of this folder) twice and waits until both have a link. */
export async function twoProcesses(program: string): Promise<TwoProcesses> {
  const ends = [0, 1].map(() => fork(fileURLToPath(new URL(program, import.meta.url))));
  const [first, second] = ends as [ChildProcess, ChildProcess];
  const next = (end: ChildProcess, kind: Said['t']): Promise<Said> =>
    new Promise((resolve, reject) => {
      const heard = (said: Said): void => {
        if (said.t !== kind) return;
        end.off('message', heard);
        resolve(said);
      };
      end.on('message', heard);
      void once(end, 'exit').then(() => reject(new Error(`${program} ended early`)));
    });
  for (const [i, end] of ends.entries())
    end.on('message', (said: Said) => {
      if (said.t === 'signal') ends[1 - i]!.send(said);
    });
  const [a, b] = await Promise.all(ends.map((end) => next(end, 'ready') as Promise<Extract<Said, { t: 'ready' }>>));
  const linked = Promise.all(ends.map((end) => next(end, 'linked')));
  second.send({ t: 'link', initiator: false, other: a!.hello });
  first.send({ t: 'link', initiator: true, other: b!.hello });
  await linked;
  return {
    async carry(bytes) {
      const carried = next(first, 'carried') as Promise<Extract<Said, { t: 'carried' }>>;
      first.send({ t: 'carry', bytes });
      return bytes / ((await carried).ms * 1_000);
    },
    // Each tidies up and ends by itself.
    end: () => ends.forEach((end) => end.disconnect()),
  };
}
