import { setTimeout as pause } from 'node:timers/promises';
import { toHex } from '../../src/core/bytes/text.ts';
import { narrow, parseCapability } from '../../src/core/crypto/capability.ts';
import { recordKey } from '../../src/core/crypto/keys.ts';
import { linkRoute } from '../../src/core/crypto/link.ts';
import { ShoalError } from '../../src/core/errors.ts';
import type { FileView } from '../../src/peer/snapshot.ts';
import type { Io } from '../io.ts';
import { type PeerAccess, unreachable } from './access.ts';
import { readLink } from './link-argument.ts';

/** How long a peer that has just joined may take to meet the swarm and find the records of its files, and how often that is looked at, ms. */
const knownMs = 20_000;
const knownLookMs = 50;

/** One of the own files, as a person names it. */
export interface NamedFile {
  /** Given by its link, which may name a swarm. */
  readonly link?: string;
  isIt(file: Pick<FileView, 'id' | 'name'>): boolean;
}

/** Help of every argument that takes one. */
export const ownFileHelp = 'its link, or its name as `shoal ls` has it; - reads the link from standard input';

/** Takes a link, or the name of an own file. Throws what `readLink` does. */
export async function readOwnFile(io: Io, argument: string): Promise<NamedFile> {
  const isLink = argument === '-' || argument.includes(linkRoute) || /^[RVW]\.[\w-]{40,}$/.test(argument);
  if (!isLink) return { isIt: ({ name }) => name === argument };
  const { text, capability } = await readLink(io, argument);
  const id = recordOf(capability).slice(0, 16);
  return { link: text, isIt: (file) => file.id === id };
}

/** The record key of the object that a capability is about, in hex. */
export function recordOf(capability: string): string {
  const verify = narrow(parseCapability(capability), 'verify');
  if (verify.right !== 'verify') throw new ShoalError('internal', 'A capability did not narrow.');
  return toHex(recordKey(verify.objectKey));
}

/** The file that is meant, of those of this home. `act`: what only its owner can do. */
export function meantOf<T extends Pick<FileView, 'id' | 'name'>>(files: readonly T[], named: NamedFile, act: string): T {
  const [found, another] = files.filter((file) => named.isIt(file));
  if (found !== undefined && another === undefined) return found;
  if (found !== undefined)
    throw new ShoalError('bad-input', 'Several files of this home have this name: give the link of one (`shoal ls`).');
  if (named.link === undefined)
    throw new ShoalError('not-found', 'No file of this name was stored from this home (`shoal ls` lists them), and it is no link.');
  throw new ShoalError('auth', `Only its owner can ${act} a file, and this one was not stored from this home (--home).`);
}

/**
 * The views of own files once their records are known here, or nobody who is online has them. Throws where signaling is not reached,
 * and `cancelled` on `signal`.
 */
export async function knownFiles(access: PeerAccess, ids: readonly string[], signal: AbortSignal): Promise<readonly FileView[]> {
  const untilMs = performance.now() + knownMs;
  for (;;) {
    const { files, self } = await access.snapshot();
    const own = files.filter(({ id }) => ids.includes(id));
    if (own.every(({ k }) => k > 0)) return own;
    if (performance.now() > untilMs) {
      if (self.signaling !== 'joined') throw unreachable(access, ` for ${knownMs / 1000} s`);
      return own;
    }
    await orInterrupted(signal, pause(knownLookMs), 'Interrupted before anything was done.');
  }
}

/** What `work` gives, or `cancelled` with these words once `signal` aborts. */
export function orInterrupted<T>(signal: AbortSignal, work: Promise<T>, words: string): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = (): void => reject(new ShoalError('cancelled', words));
    signal.addEventListener('abort', stop, { once: true });
    if (signal.aborted) stop();
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  });
}
