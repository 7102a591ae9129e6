import { openDB, type DBSchema, type IDBPDatabase, type IDBPTransaction, type StoreNames } from 'idb';
import { ShoalError } from '../../core/errors.ts';
import type { MetaKind, ShardMeta } from '../../peer/ports.ts';

/** Schema of `shoal:<profile>`. Raised with every change of the shapes below. */
const schemaVersion = 1;

/** Databases of ours begin with this; the profile's name follows. */
export const databasePrefix = 'shoal:';
export const databaseName = (profile: string): string => databasePrefix + profile;

/** A shard whose blocks are still coming. `staged` is what the index finds it by; committed shards have no such field. */
export interface StagedRow {
  readonly staged: 1;
  readonly length: number;
}

/** The device's keys, in one row so that no half of them can exist. CryptoKeys are non-extractable. */
export interface IdentityRow {
  readonly publicKey: Uint8Array;
  readonly vault: CryptoKey;
  /** The private key itself, or, where the engine has no Ed25519, its seed sealed under `vault`. */
  readonly node: { readonly privateKey: CryptoKey } | { readonly nonce: Uint8Array; readonly sealedSeed: Uint8Array };
}

interface Schema extends DBSchema {
  /** Place as text → staged or committed shard. */
  meta: { key: string; value: StagedRow | ShardMeta; indexes: { staged: number } };
  /** (place as text, block index) → up to 262,144 bytes. */
  bytes: { key: [place: string, block: number]; value: ArrayBuffer };
  /** Bytes lent, used and reserved, and the epoch that may write. */
  counters: { key: 'capacity' | 'used' | 'reserved' | 'diskFull' | 'epoch'; value: number };
  /** (kind, key) → small value. */
  values: { key: [kind: MetaKind, key: string]; value: Uint8Array };
  keys: { key: 'identity'; value: IdentityRow };
}

type StoreName = StoreNames<Schema>;
export type ReadTransaction<Names extends StoreName> = IDBPTransaction<Schema, Names[], 'readonly'>;
export type WriteTransaction<Names extends StoreName> = IDBPTransaction<Schema, (Names | 'counters')[], 'readwrite'>;

/** The one database of a profile, open. */
export interface Database {
  readonly connection: IDBPDatabase<Schema>;
  /** Resolves, with what to tell the person, when the connection was taken away: nothing can be read or written any more. */
  readonly lost: Promise<ShoalError>;
  /** The same, for a caller that has just failed. */
  lostReason(): ShoalError | undefined;
  close(): void;
}

/** The browser's disk quota is used up; a `full` apart from the refusal by our own budget. */
export class OutOfSpace extends ShoalError {
  constructor() {
    super('full', 'The browser has no more disk space for this site.');
  }
}

/**
 * Opens `shoal:<profile>`, making it at first use.
 * Throws `too-new` when a newer Shoal has written it, `busy` when an older one in another tab does not let go of it.
 */
export async function openDatabase(profile: string): Promise<Database> {
  let lostReason: ShoalError | undefined;
  let tellLost: (reason: ShoalError) => void = () => {};
  const lost = new Promise<ShoalError>((resolve) => (tellLost = resolve));
  const lose = (reason: ShoalError): void => tellLost((lostReason = reason));

  const connection = await openConnection(profile, {
    replaced(connection, newVersion) {
      // Closing at once is what lets the other tab go on; requests under way still finish.
      connection.close();
      lose(
        newVersion === null
          ? new ShoalError('stale', 'The data of this profile was deleted in another tab. Reload this page.')
          : new ShoalError('too-new', 'A newer Shoal runs in another tab. Reload this page.'),
      );
    },
    terminated: () =>
      lose(new ShoalError('stale', 'The browser closed the storage of this site, perhaps because its data was cleared. Reload this page.')),
  });
  return { connection, lost, lostReason: () => lostReason, close: () => connection.close() };
}

interface ConnectionEvents {
  replaced(connection: IDBPDatabase<Schema>, newVersion: number | null): void;
  terminated(): void;
}

function openConnection(profile: string, events: ConnectionEvents): Promise<IDBPDatabase<Schema>> {
  return new Promise((resolve, reject) => {
    let gaveUp = false;
    const opening = openDB<Schema>(databaseName(profile), schemaVersion, {
      upgrade: createStores,
      blocked() {
        gaveUp = true;
        reject(new ShoalError('busy', 'An older Shoal is open in another tab. Close its tabs and reload this page.'));
      },
      blocking(_current, newVersion) {
        void opening.then((connection) => events.replaced(connection, newVersion));
      },
      terminated: events.terminated,
    });
    opening.then(
      (connection) => (gaveUp ? connection.close() : resolve(connection)),
      (error: unknown) => reject(openingError(error)),
    );
  });
}

function createStores(connection: IDBPDatabase<Schema>): void {
  connection.createObjectStore('meta').createIndex('staged', 'staged');
  connection.createObjectStore('bytes');
  connection.createObjectStore('counters');
  connection.createObjectStore('values');
  connection.createObjectStore('keys');
}

/**
 * Fences every earlier writer of this profile: from here on only the returned epoch may write.
 * Called once by whoever has got the profile's lock, before anything is written.
 */
export async function takeEpoch(database: Database): Promise<number> {
  return transact(database, async () => {
    const tx = database.connection.transaction('counters', 'readwrite', { durability: 'strict' });
    const epoch = ((await tx.store.get('epoch')) ?? 0) + 1;
    await tx.store.put(epoch, 'epoch');
    await tx.done;
    return epoch;
  });
}

/**
 * Runs `work` in one strict readwrite transaction over `stores` and the counters; resolves when it is durable. `work` awaits nothing
 * but requests of the transaction; when it throws, nothing of it is kept.
 * Throws `stale` when another tab has taken the profile over, OutOfSpace, or why the database was lost.
 */
export async function change<const Names extends StoreName, T>(
  database: Database,
  epoch: number,
  stores: readonly Names[],
  work: (tx: WriteTransaction<Names>) => Promise<T>,
): Promise<T> {
  return transact(database, async () => {
    const tx = database.connection.transaction<(Names | 'counters')[], 'readwrite'>([...stores, 'counters'], 'readwrite', {
      durability: 'strict',
    });
    const done = tx.done.catch((error: unknown) => Promise.reject(tx.error ?? error));
    done.catch(() => {});
    try {
      const current = await tx.objectStore('counters').get('epoch');
      if (current !== epoch) throw new ShoalError('stale', 'This profile is in use in another tab now.');
      const result = await work(tx);
      await done;
      return result;
    } catch (error) {
      abort(tx);
      // A request that failed says only "aborted" when the whole transaction did: the transaction knows why.
      throw tx.error ?? error;
    }
  });
}

/** Runs `work` in one readonly transaction: one consistent view. Throws why the database was lost. */
export async function look<const Names extends StoreName, T>(
  database: Database,
  stores: readonly Names[],
  work: (tx: ReadTransaction<Names>) => Promise<T>,
): Promise<T> {
  return transact(database, () => work(database.connection.transaction<Names[], 'readonly'>([...stores], 'readonly')));
}

async function transact<T>(database: Database, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    throw storageError(error, database.lostReason());
  }
}

function abort(tx: { abort(): void }): void {
  try {
    tx.abort();
  } catch {
    // It has ended by itself already.
  }
}

function openingError(error: unknown): ShoalError {
  if (nameOf(error) === 'VersionError') {
    return new ShoalError(
      'too-new',
      'This profile was written by a newer Shoal. Close all tabs of Shoal and open it again to get that version.',
    );
  }
  return storageError(error, undefined);
}

function storageError(error: unknown, lost: ShoalError | undefined): ShoalError {
  if (error instanceof ShoalError) return error;
  if (nameOf(error) === 'QuotaExceededError') return new OutOfSpace();
  return lost ?? new ShoalError('internal', `The browser's storage failed: ${error instanceof Error ? error.message : String(error)}`);
}

const nameOf = (error: unknown): string => (error instanceof Error || error instanceof DOMException ? error.name : '');
