/** How an object is cut: k data and m parity shards per segment. */
export interface Profile {
  readonly k: number;
  readonly m: number;
}

/** Fewest holders at which a row of the table applies. */
const table: readonly { readonly holders: number; readonly k: number; readonly m: number }[] = [
  { holders: 14, k: 10, m: 4 },
  { holders: 9, k: 6, m: 3 },
  { holders: 3, k: 4, m: 2 },
  { holders: 2, k: 1, m: 1 },
  { holders: 1, k: 1, m: 0 },
];

/** A data shard of less than one leaf costs more in bookkeeping than it saves in bytes. */
const bytesPerDataShardMin = 65_536;

/**
 * (k, m) for an object of `ciphertextLength` bytes when `holders` peers lend storage (SPEC PLACE-1).
 * Small objects become plain copies. Without any holder the profile is that for one: the object waits.
 */
export function chooseProfile(holders: number, ciphertextLength: number): Profile {
  const row = table.find((each) => holders >= each.holders) ?? { k: 1, m: 0 };
  const k = Math.min(row.k, Math.max(1, Math.floor(ciphertextLength / bytesPerDataShardMin)));
  return k === 1 ? { k, m: Math.max(0, Math.min(2, holders - 1)) } : { k, m: row.m };
}
