import { rm } from 'node:fs/promises';

/** A value in a row or bound to a statement: the subset that the meta store uses. */
export type SqliteValue = number | string | Uint8Array;
export type SqliteRow = Readonly<Record<string, SqliteValue>>;

/** What the meta store needs of SQLite: synchronous, as both engines are. */
export interface Sqlite {
  exec(sql: string): void;
  prepare(sql: string): SqliteStatement;
  /** Closes the statements too. */
  close(): void;
}

export interface SqliteStatement {
  run(...values: SqliteValue[]): void;
  all(...values: SqliteValue[]): readonly SqliteRow[];
}

/** Opens a database, made at first use: by Node's own SQLite where it has one (22.13 and later), else by the same SQLite as WASM. */
export async function openSqlite(file: string): Promise<Sqlite> {
  return openNative(file) ?? (await openWasm(file));
}

/** The part of `node:sqlite` used here; the types of the oldest Node that is supported do not know it. */
interface NativeSqlite {
  readonly DatabaseSync: new (file: string) => { exec(sql: string): void; prepare(sql: string): NativeStatement; close(): void };
}

interface NativeStatement {
  run(...values: SqliteValue[]): unknown;
  all(...values: SqliteValue[]): SqliteRow[];
}

function openNative(file: string): Sqlite | undefined {
  const native = loadNative();
  if (native === undefined) return undefined;
  const database = new native.DatabaseSync(file);
  return {
    exec: (sql) => database.exec(sql),
    prepare(sql) {
      const statement = database.prepare(sql);
      return { run: (...values) => void statement.run(...values), all: (...values) => statement.all(...values) };
    },
    close: () => database.close(),
  };
}

/** Node's own SQLite. Its warning that this is an experiment is for whoever chose it, not for whoever runs a command. */
function loadNative(): NativeSqlite | undefined {
  const { emitWarning } = process;
  process.emitWarning = () => undefined;
  try {
    return process.getBuiltinModule('node:sqlite') as NativeSqlite | undefined;
  } finally {
    process.emitWarning = emitWarning;
  }
}

async function openWasm(file: string): Promise<Sqlite> {
  const { default: wasm } = await import('node-sqlite3-wasm');
  // Its lock is a folder, which a killed process leaves behind. Whoever opens a database here has opened the home, so no other process
  // can have it, and what lies there is such a one.
  await rm(`${file}.lock`, { recursive: true, force: true });
  const database = new wasm.Database(file);
  // Nothing frees a statement of it but `finalize`.
  const statements: { finalize(): void }[] = [];
  return {
    exec: (sql) => database.exec(sql),
    prepare(sql) {
      const statement = database.prepare(sql);
      statements.push(statement);
      return { run: (...values) => void statement.run(values), all: (...values) => statement.all(values) as SqliteRow[] };
    },
    close() {
      for (const statement of statements.splice(0)) statement.finalize();
      database.close();
    },
  };
}
