import { errorCode } from '../core/errors.ts';
import type { Changes } from './changes.ts';
import type { OwnClaims } from './claims.ts';
import type { Log } from './ports.ts';
import type { Records } from './records.ts';
import type { Task } from './task.ts';

/** While no keeper takes a confession it is tried again at the next change of the swarm, or after this long. */
const retryMs = 5_000;

/**
 * Tells the keepers of a record that this peer holds less than it claimed, before anyone asks (SPEC HOLD-8). The own record changes only
 * when a keeper has it: were the peer to end before, the next start finds the same difference between claim and shards, and confesses.
 */
export interface Confessions {
  /** The claim in this record is no longer true. */
  add(recordKey: string): void;
}

export function createConfessions(options: {
  readonly records: Records;
  readonly claims: OwnClaims;
  readonly changes: Changes;
  readonly log: Log;
  /** Resolves once the links that are to be had first are there. */
  readonly settled: () => Promise<void>;
  /** Ends with the peer. */
  readonly task: Task;
}): Confessions {
  const { records, claims, changes, log, settled, task } = options;
  const pending = new Set<string>();
  let running = false;

  const confess = async (recordKey: string): Promise<void> => {
    for (;;) {
      const record = await records.local(recordKey);
      if (record === undefined) return;
      const honest = await claims.renewed(record);
      if ((await task.race(records.announce(honest))) > 0) return void (await records.merge(honest));
      await task.race(changes.next(retryMs));
      // Told to the first peer that comes alone, the other keepers would go on with what is no longer true.
      await task.race(settled());
    }
  };

  const confessAll = async (): Promise<void> => {
    await task.race(settled());
    for (const recordKey of pending) {
      // Taken off before, so that a loss that comes meanwhile is confessed too.
      pending.delete(recordKey);
      await confess(recordKey);
    }
  };

  const begin = (): void => {
    if (running || pending.size === 0) return;
    running = true;
    confessAll().then(
      () => {
        running = false;
        begin();
      },
      (error: unknown) => {
        running = false;
        if (errorCode(error) !== 'cancelled') log('error', 'loss not confessed', { code: errorCode(error) });
      },
    );
  };

  return {
    add(recordKey) {
      pending.add(recordKey);
      begin();
    },
  };
}
