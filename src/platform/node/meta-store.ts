import { open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { ShoalError } from '../../core/errors.ts';
import { requireValueBounds } from '../../core/storage/values.ts';
import type { MetaKind, MetaStore } from '../../peer/ports.ts';
import { diskTrouble } from './disk-trouble.ts';
import { syncFolder } from './durable-file.ts';
import { openSqlite, type Sqlite } from './sqlite.ts';
import { writeGroups } from './write-groups.ts';

const schemaVersion = 1;

/** How a kind is written in the database; a number once given stays. */
const kindNumbers: Readonly<Record<MetaKind, number>> = { record: 1, own: 2, setting: 3, score: 4, held: 5, seen: 6, tombstone: 7 };

/**
 * The MetaStore of a headless peer (SPEC META-*), in one SQLite file. For one process at a time: the home's lock sees to that.
 * Throws `too-new` for a file of a later schema, `integrity` for one that is no database.
 */
export async function sqliteMetaStore(file: string): Promise<MetaStore & { close(): void }> {
  await makeFile(file);
  const database = await openSqlite(file).catch((error: unknown) => {
    throw unreadable(file, error);
  });
  try {
    prepareSchema(file, database);
    // The write-ahead log lies there now; a power cut must not take its entry.
    await syncFolder(dirname(file));
    return storeOver(database);
  } catch (error) {
    database.close();
    throw error;
  }
}

/** Made here, so that nobody else may read it whatever the folder's mode is. */
async function makeFile(file: string): Promise<void> {
  try {
    await (await open(file, 'a', 0o600)).close();
  } catch (error) {
    throw diskTrouble(error, file);
  }
}

/**
 * The write-ahead log, flushed at each commit (FULL), is one flush for a transaction where a rollback journal needs three or four. Locking
 * EXCLUSIVE lets it do without shared memory, which the WASM engine has none of; it must be set before the file is first read.
 */
function prepareSchema(file: string, database: Sqlite): void {
  try {
    database.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;');
    const found = Number(database.prepare('PRAGMA user_version').all()[0]?.['user_version']);
    if (found > schemaVersion)
      throw new ShoalError('too-new', `${file} is of a newer Shoal. Run that one on this home, or choose another home.`);
    if (found === schemaVersion) return;
    database.exec(
      `BEGIN;
       CREATE TABLE "values" (kind INTEGER NOT NULL, key TEXT NOT NULL, value BLOB NOT NULL, PRIMARY KEY (kind, key)) STRICT, WITHOUT ROWID;
       PRAGMA user_version = ${schemaVersion};
       COMMIT;`,
    );
  } catch (error) {
    throw unreadable(file, error);
  }
}

function storeOver(database: Sqlite): MetaStore & { close(): void } {
  const select = database.prepare('SELECT value FROM "values" WHERE kind = ? AND key = ?');
  const selectKeys = database.prepare('SELECT key FROM "values" WHERE kind = ?');
  const selectAll = database.prepare('SELECT key, value FROM "values" WHERE kind = ?');
  const insert = database.prepare('INSERT OR REPLACE INTO "values" VALUES (?, ?, ?)');
  const remove = database.prepare('DELETE FROM "values" WHERE kind = ? AND key = ?');

  const groups = writeGroups((writes) => {
    database.exec('BEGIN IMMEDIATE');
    try {
      for (const write of writes) write();
      database.exec('COMMIT');
    } catch (error) {
      rollBack(database);
      throw writeTrouble(error);
    }
  });

  return {
    async get(kind, key) {
      await groups.written(`${kind} ${key}`);
      const value = select.all(kindNumbers[kind], key)[0]?.['value'];
      return value === undefined ? undefined : bytesOf(value);
    },
    async put(kind, key, value) {
      requireValueBounds(key, value);
      const bytes = value.slice();
      await groups.add(`${kind} ${key}`, () => insert.run(kindNumbers[kind], key, bytes));
    },
    async delete(kind, key) {
      await groups.add(`${kind} ${key}`, () => remove.run(kindNumbers[kind], key));
    },
    async keys(kind) {
      await groups.written();
      // SQLite orders by UTF-8, this port by UTF-16.
      return selectKeys
        .all(kindNumbers[kind])
        .map(({ key }) => String(key))
        .sort();
    },
    async list(kind) {
      await groups.written();
      const rows = selectAll.all(kindNumbers[kind]).map(({ key, value }) => ({ key: String(key), value: bytesOf(value!) }));
      return rows.sort((a, b) => (a.key < b.key ? -1 : 1));
    },
    close() {
      groups.close();
      database.close();
    },
  };
}

/** A copy: neither engine says whose the bytes are that it gives. */
function bytesOf(value: number | string | Uint8Array): Uint8Array {
  if (!(value instanceof Uint8Array)) throw new ShoalError('integrity', 'The database holds something that is no value.');
  return Uint8Array.from(value);
}

/** SQLite rolls back by itself when the disk is full: then there is nothing to roll back any more. */
function rollBack(database: Sqlite): void {
  try {
    database.exec('ROLLBACK');
  } catch {
    // Nothing is left of the transaction either way.
  }
}

/** SQLite tells in words alone, the same in both engines. */
function writeTrouble(error: unknown): unknown {
  if (!(error instanceof Error) || !/database or disk is full/.test(error.message)) return error;
  return new ShoalError('full', 'This peer has no more disk space.');
}

function unreadable(file: string, error: unknown): unknown {
  if (!(error instanceof Error) || !/not a database|malformed/.test(error.message)) return error;
  return new ShoalError(
    'integrity',
    `${file} is damaged. Put its back-up there, or move it away: records come back from other peers, the list of own files does not.`,
  );
}
