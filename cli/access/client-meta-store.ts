import { setTimeout as pause } from 'node:timers/promises';
import { errorCode } from '../../src/core/errors.ts';
import type { Aead, Crypto, MetaStore } from '../../src/peer/ports.ts';
import { memoryMetaStore } from '../../src/platform/memory/meta-store.ts';
import { type Home, type HomePaths, homePaths, openHome } from '../../src/platform/node/home.ts';
import { loadNodeIdentity } from '../../src/platform/node/identity.ts';
import { sqliteMetaStore } from '../../src/platform/node/meta-store.ts';

/** How long other commands of this home may hold it before a command gives up, and how often it looks, ms. */
const homeWaitMs = 5_000;
const homeLookMs = 50;

/** What a peer that joins for one command keeps. */
export interface ClientStore {
  readonly meta: MetaStore;
  /** That of the home, whose key is read, or made, at first use. */
  readonly vault: Aead;
}

/**
 * What a peer that joins for one command keeps: its own files in the list of the home, everything else in memory. Each change holds the
 * home for its own time, so that several commands share one. Of that list it reads the entries of `own` alone: a command is about some
 * files, and looks after no other.
 *
 * @param own ids of own files
 * @param unlisted told when a peer has taken the home meanwhile: the file is stored all the same, and not in the list
 */
export function clientMetaStore(folder: string, crypto: Crypto, own: readonly string[], unlisted: () => void): ClientStore {
  const memory = memoryMetaStore();
  let opened: Promise<Aead> | undefined;
  const keyOf = async ({ nodeKey }: HomePaths): Promise<Aead> => (await loadNodeIdentity(nodeKey, crypto)).vault;
  // Who has the home has made its key.
  const vault = (): Promise<Aead> => (opened ??= inHome(folder, keyOf).catch(whenBusy(async () => keyOf(await homePaths(folder)))));
  const ownRows = (): ReturnType<MetaStore['list']> =>
    inHome(folder, async ({ database }) => {
      const meta = await sqliteMetaStore(database);
      const rows = await meta.list('own').finally(() => meta.close());
      return rows.filter(({ key }) => own.includes(key));
    });
  const change = (work: (meta: MetaStore) => Promise<void>): Promise<void> =>
    inHome(folder, async ({ database }) => {
      const meta = await sqliteMetaStore(database);
      await work(meta).finally(() => meta.close());
    }).catch(whenBusy(async () => unlisted()));

  return {
    vault: {
      seal: async (nonce, plaintext) => (await vault()).seal(nonce, plaintext),
      open: async (nonce, ciphertext) => (await vault()).open(nonce, ciphertext),
    },
    meta: {
      ...memory,
      list: (kind) => (kind === 'own' && own.length > 0 ? ownRows() : memory.list(kind)),
      put: (kind, key, value) => (kind === 'own' ? change((meta) => meta.put(kind, key, value)) : memory.put(kind, key, value)),
      delete: (kind, key) => (kind === 'own' ? change((meta) => meta.delete(kind, key)) : memory.delete(kind, key)),
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

/** Runs `work` while this process has the home. Throws `busy` when others do not let go of it. */
export async function inHome<T>(folder: string, work: (home: Home) => Promise<T>): Promise<T> {
  const home = await waitForHome(folder, performance.now() + homeWaitMs);
  try {
    return await work(home);
  } finally {
    await home.release();
  }
}

async function waitForHome(folder: string, untilMs: number): Promise<Home> {
  for (;;) {
    try {
      return await openHome(folder);
    } catch (error) {
      if (errorCode(error) !== 'busy' || performance.now() > untilMs) throw error;
    }
    await pause(homeLookMs);
  }
}
