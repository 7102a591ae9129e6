import type { SelfView } from '../app/state.ts';

/**
 * What a lender does with new shards. `open`: takes them. `full`: the lent storage is used up. `below`: less is lent than is held.
 * `disk-full`: the disk had less room than was lent, so the peer set what it lends to what it holds.
 */
export type LendingState = 'off' | 'open' | 'full' | 'below' | 'disk-full';

/** @param asked bytes that the person asked to lend, where known */
export function lendingState(
  self: Pick<SelfView, 'contributing' | 'capacity' | 'used' | 'reserved' | 'headroom'>,
  asked: number | undefined,
): LendingState {
  if (!self.contributing) return 'off';
  if (self.used > 0 && self.capacity === self.used && asked !== self.capacity) return 'disk-full';
  if (self.used > self.capacity) return 'below';
  return self.used + self.reserved >= self.capacity - self.headroom ? 'full' : 'open';
}
