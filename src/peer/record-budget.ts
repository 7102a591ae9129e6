import { ShoalError } from '../core/errors.ts';
import { peersMax } from '../core/wire/limits.ts';
import { type Rate, type TokenLevel, tokenLevel } from '../core/wire/token-level.ts';
import type { Clock } from './ports.ts';

/** Records that were not kept here before: as many from one peer. */
const newRecords: Rate = { perSecond: 20, burst: 200 };
/** What can wait leaves so many for what cannot: else an owner's puts would be refused for as long as its own sync is under way. */
const reserved = 40;

/** How many records new to this peer others may bring it: to sign one of a key made for it costs nobody anything (SPEC REC-11). */
export interface RecordBudget {
  /** `node` brings one, and is not put off. Throws `busy` where it brought too many lately. */
  take(node: string): void;
  /** `node` brings one and can wait: resolves when it may, after those that could not. */
  turn(node: string): Promise<void>;
}

export function createRecordBudget(clock: Clock): RecordBudget {
  /** By NodeId, not by link: one made anew gives nothing. Whoever brought something last is at the end. */
  const levels = new Map<string, TokenLevel>();

  const levelOf = (node: string): TokenLevel => {
    const level = levels.get(node) ?? tokenLevel(newRecords, () => clock.now());
    levels.delete(node);
    levels.set(node, level);
    // Within ten seconds the one longest unheard is full again, and as good as new.
    if (levels.size > peersMax) levels.delete(levels.keys().next().value!);
    return level;
  };

  return {
    take(node) {
      const level = levelOf(node);
      if (level.left() < 1) throw new ShoalError('busy', 'new records are not taken so fast');
      level.spend(1);
    },
    async turn(node) {
      for (;;) {
        const level = levelOf(node);
        const missing = reserved + 1 - level.left();
        if (missing <= 0) return level.spend(1);
        const waitMs = Math.ceil((missing / newRecords.perSecond) * 1_000);
        await new Promise<void>((resolve) => void clock.timer(waitMs, resolve));
      }
    },
  };
}
