import { narrow, parseCapability } from '../../src/core/crypto/capability.ts';
import { ShoalError } from '../../src/core/errors.ts';
import { look } from '../../src/peer/examine.ts';
import type { Peer } from '../../src/peer/peer.ts';
import type { Place } from '../../src/peer/ports.ts';
import type { Snapshot } from '../../src/peer/snapshot.ts';
import { createTask, type Task } from '../../src/peer/task.ts';
import { verifyObject } from '../../src/peer/verify-object.ts';
import { nodeFile } from '../../src/platform/node/node-file.ts';
import { fileEnded, type PeerAccess, receiveEnded } from './access.ts';
import { latest } from './latest.ts';

/** A peer of this process. */
export interface LocalPeer extends Pick<PeerAccess, 'swarm' | 'signalingUrl'> {
  readonly peer: Peer;
  shards(): Promise<readonly Place[]>;
  stop(): Promise<void>;
}

/** Access to a peer that runs in this very process: that of `shoal peer`, or one that joined for a command. */
export function localAccess({ peer, swarm, signalingUrl, shards, stop }: LocalPeer, running: boolean): PeerAccess {
  /** Views of one thing, the newest each time, until it ends, is taken off its list, or `signal` aborts. */
  async function* watch<T>(
    find: (snapshot: Snapshot) => T | undefined,
    ended: (view: T) => boolean,
    signal: AbortSignal,
  ): AsyncIterable<T> {
    const views = latest<T>();
    const unwatch = peer.watch((snapshot) => {
      const view = find(snapshot);
      if (view === undefined) views.end();
      else views.set(view);
    });
    const abort = (): void => views.end();
    signal.addEventListener('abort', abort, { once: true });
    if (signal.aborted) abort();
    try {
      for await (const view of views) {
        yield view;
        if (ended(view)) return;
      }
    } finally {
      unwatch();
      signal.removeEventListener('abort', abort);
    }
  }

  return {
    running,
    swarm,
    signalingUrl,
    snapshot: async () => peer.snapshot(),
    async drop({ path, name, media, profile, replaces }) {
      const handle = await nodeFile(path);
      return peer.drop({ handle, name, media, mtime: Math.round(handle.mtimeMs), profile, replaces });
    },
    watchFile: (id, signal) => watch(({ files }) => files.find((file) => file.id === id), fileEnded, signal),
    cancel: async (id) => peer.cancel(id),
    remove: (id) => peer.remove(id),
    renew: (id) => peer.renew(id),
    letGo: (recordKey) => peer.letGo(recordKey),
    async open(text) {
      const capability = parseCapability(text);
      if (capability.right === 'verify') throw new ShoalError('auth', 'This capability only lets a file be verified, not read.');
      const read = narrow(capability, 'read');
      if (read.right !== 'read') throw new ShoalError('internal', 'A capability did not narrow.');
      return peer.open(read);
    },
    watchReceive: (id, signal) => watch(({ receives }) => receives.find((receive) => receive.id === id), receiveEnded, signal),
    async download(id, sink, part, signal) {
      const cancel = (): void => peer.cancelReceive(id);
      signal.addEventListener('abort', cancel, { once: true });
      try {
        signal.throwIfAborted();
        await peer.download(id, sink, part);
      } finally {
        signal.removeEventListener('abort', cancel);
      }
    },
    look: (text, signal) => whileGoing(signal, (task) => look(peer.parts, objectKeyOf(text), task)),
    verify: (text, told, signal) => whileGoing(signal, (task) => verifyObject(peer.parts, objectKeyOf(text), task, told)),
    shards,
    close: stop,
  };
}

function objectKeyOf(text: string): Uint8Array {
  const capability = narrow(parseCapability(text), 'verify');
  if (capability.right !== 'verify') throw new ShoalError('internal', 'A capability did not narrow.');
  return capability.objectKey;
}

/** Runs `work` as a task that ends with it, or when `signal` aborts. */
async function whileGoing<T>(signal: AbortSignal, work: (task: Task) => Promise<T>): Promise<T> {
  const task = createTask('Interrupted.');
  const end = (): void => task.end();
  signal.addEventListener('abort', end, { once: true });
  if (signal.aborted) end();
  try {
    return await work(task);
  } finally {
    signal.removeEventListener('abort', end);
    task.end();
  }
}
