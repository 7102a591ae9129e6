import { openDatabase, takeEpoch, type Database } from './database.ts';

/** Profiles for tests in a browser: a name of their own each, and removed by the test that made them. */
export interface TestProfile {
  readonly name: string;
  /** Opens the profile as a new process would: what was open before is closed, and fenced. */
  restart(): Promise<{ database: Database; epoch: number }>;
  /** Opens it beside what is open already, as another tab does when it takes over. */
  takeOver(): Promise<{ database: Database; epoch: number }>;
  dispose(): Promise<void>;
}

export function testProfile(): TestProfile {
  const name = `test-${crypto.randomUUID()}`;
  const open: Database[] = [];
  const closeAll = (): void => open.splice(0).forEach((database) => database.close());
  const takeOver = async (): Promise<{ database: Database; epoch: number }> => {
    const database = await openDatabase(name);
    open.push(database);
    return { database, epoch: await takeEpoch(database) };
  };
  return {
    name,
    takeOver,
    restart() {
      closeAll();
      return takeOver();
    },
    dispose() {
      closeAll();
      return deleteProfile(name);
    },
  };
}

export function deleteProfile(name: string): Promise<void> {
  const request = indexedDB.deleteDatabase(`shoal:${name}`);
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve();
    request.onerror = () => reject(request.error);
  });
}
