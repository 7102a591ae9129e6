import type { SelfView, Snapshot } from '../app/state.ts';

/**
 * What a lender does with new shards. `open`: takes them. `full`: the lent storage is used up. `below`: less is lent than is held.
 * `disk-full`: the disk had less room than was lent, so the peer set what it lends to what it holds.
 */
export type LendingState = 'off' | 'open' | 'full' | 'below' | 'disk-full';

export function lendingState(
  self: Pick<SelfView, 'contributing' | 'capacity' | 'used' | 'reserved' | 'headroom' | 'diskFull'>,
): LendingState {
  if (self.diskFull) return 'disk-full';
  if (!self.contributing) return 'off';
  if (self.used > self.capacity) return 'below';
  return self.used + self.reserved >= self.capacity - self.headroom ? 'full' : 'open';
}

/** Lending is offered after value was felt: a file was stored, or downloaded (SPEC UI-29). Who lends, or ever lent, was asked already. */
export function offersLending({ self, files, receives }: Pick<Snapshot, 'self' | 'files' | 'receives'>, asked: boolean): boolean {
  if (asked || self.contributing || self.shards > 0) return false;
  return files.some(({ state }) => state === 'stored') || receives.some(({ state }) => state === 'done');
}
