import type { Confessions } from './confessions.ts';
import type { Freed, HeldObjects } from './held-objects.ts';

/**
 * Removes what is held of one object, by its record key, or of `all`, because the person here wants it gone, and says so in its claims (SPEC LEASE-4). Others
 * hear of it as they do of a loss; who asks here before they did is answered `not-found`.
 */
export async function letGo(
  { held, confessions }: { readonly held: HeldObjects; readonly confessions: Confessions },
  which: string,
): Promise<Freed> {
  let shards = 0;
  let bytes = 0;
  for (const contentRoot of held.of(which === 'all' ? undefined : which)) {
    const key = held.get(contentRoot)?.recordKey;
    const freed = await held.remove(contentRoot);
    shards += freed.shards;
    bytes += freed.bytes;
    if (key !== undefined) confessions.add(key);
  }
  return { shards, bytes };
}
