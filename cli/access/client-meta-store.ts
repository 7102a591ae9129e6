import { setImmediate as turn } from 'node:timers/promises';
import { errorCode } from '../../src/core/errors.ts';
import type { Aead, Crypto, Log, MetaStore } from '../../src/peer/ports.ts';
import { memoryMetaStore } from '../../src/platform/memory/meta-store.ts';
import { type HomePaths, homePaths } from '../../src/platform/node/home.ts';
import { loadNodeIdentity } from '../../src/platform/node/identity.ts';
import { sqliteMetaStore } from '../../src/platform/node/meta-store.ts';
import { inHome, isHome } from './in-home.ts';

/** How long a home may be held by others before what was read there is not looked up, and not noted, ms. */
const seenWaitMs = 500;

/** What a peer that joins for one command keeps. */
export interface ClientStore {
  readonly meta: MetaStore;
  /** That of the home, whose key is read, or made, at first use. */
  readonly vault: Aead;
  /** Resolves once nothing that was asked for is on its way to the disk: before that no process may end. */
  settled(): Promise<void>;
}

export interface ClientStoreOptions {
  /** The home. */
  readonly folder: string;
  readonly crypto: Crypto;
  /** Ids of own files. */
  readonly own: readonly string[];
  /** Told when a peer has taken the home meanwhile: the file is stored all the same, and not in the list. */
  readonly unlisted: () => void;
  readonly log: Log;
}

/**
 * What a peer that joins for one command keeps: in the home its own files and the versions read last, everything else in memory. Each
 * change holds the home for its own time, so that several commands share one. Of the own files it reads the entries of `own` alone: a
 * command is about some files, and looks after no other. Where others have the home, the versions read last are unknown to the command
 * (SPEC LOCAL-2).
 */
export function clientMetaStore({ folder, crypto, own, unlisted, log }: ClientStoreOptions): ClientStore {
  const memory = memoryMetaStore();
  const underWay = new Set<Promise<unknown>>();
  let opened: Promise<Aead> | undefined;

  const noted = <T>(work: Promise<T>): Promise<T> => {
    const ended = work.catch(() => {}).finally(() => underWay.delete(ended));
    underWay.add(ended);
    return work;
  };
  const keyOf = async ({ nodeKey }: HomePaths): Promise<Aead> => (await loadNodeIdentity(nodeKey, crypto)).vault;
  // Who has the home has made its key.
  const vault = (): Promise<Aead> => (opened ??= inHome(folder, keyOf).catch(whenBusy(async () => keyOf(await homePaths(folder)))));

  const inStore = <T>(work: (meta: MetaStore) => Promise<T>, waitMs?: number): Promise<T> =>
    inHome(
      folder,
      async ({ database }) => {
        const meta = await sqliteMetaStore(database);
        return work(meta).finally(() => meta.close());
      },
      waitMs,
    );
  /** What was read is not worth as long a wait as what was stored. */
  const change = (kind: string, work: (meta: MetaStore) => Promise<void>): Promise<void> =>
    noted(kind === 'seen' ? inStore(work, seenWaitMs) : inStore(work).catch(whenBusy(async () => unlisted())));

  const ownRows = async (): ReturnType<MetaStore['list']> =>
    own.length === 0 ? [] : (await inStore((meta) => meta.list('own'))).filter(({ key }) => own.includes(key));
  const seenRows = async (): ReturnType<MetaStore['list']> => {
    try {
      return (await isHome(folder)) ? await inStore((meta) => meta.list('seen'), seenWaitMs) : [];
    } catch (error) {
      log('warn', 'versions read last not read', { code: errorCode(error) });
      return [];
    }
  };

  const isKept = (kind: string): boolean => kind === 'own' || kind === 'seen';
  return {
    vault: {
      seal: (nonce, plaintext) => noted(vault().then((aead) => aead.seal(nonce, plaintext))),
      open: async (nonce, ciphertext) => (await vault()).open(nonce, ciphertext),
    },
    meta: {
      ...memory,
      list: (kind) => (kind === 'own' ? ownRows() : kind === 'seen' ? seenRows() : memory.list(kind)),
      put: (kind, key, value) => (isKept(kind) ? change(kind, (meta) => meta.put(kind, key, value)) : memory.put(kind, key, value)),
      delete: (kind, key) => (isKept(kind) ? change(kind, (meta) => meta.delete(kind, key)) : memory.delete(kind, key)),
    },
    async settled() {
      do {
        await Promise.all(underWay);
        // What was sealed is put next.
        await turn();
      } while (underWay.size > 0);
    },
  };
}

/** Does something else where others do not let go of the home. */
function whenBusy<T>(instead: () => Promise<T>): (error: unknown) => Promise<T> {
  return (error) => {
    if (errorCode(error) !== 'busy') throw error;
    return instead();
  };
}
