/** Keepers of a record (SPEC KEEP-1). */
export const keepersCount = 8;
/** How long a peer has to be up before it is eligible, give or take what its NodeId says: peers started together do not become so at once. */
const eligibleAfterMs = 600_000;
const spreadMs = 60_000;

/** A peer that may keep records. */
export interface KeeperCandidate {
  /** NodeId, lower-case hex. */
  readonly node: string;
  /** How long it has been up as far as was seen, ms: what it calls itself says nothing. */
  readonly upMs: number;
}

/** The peers of whom keepers are chosen: NodeIds, each list in rising order. */
export interface KeeperView {
  readonly eligible: readonly string[];
  readonly others: readonly string[];
}

/** How long until the peer will likely stay, for it has been there for some ten minutes (SPEC KEEP-1), ms; 0 or less where it has. */
export function eligibleInMs({ node, upMs }: KeeperCandidate): number {
  return eligibleAfterMs + spreadMs * (Number.parseInt(node.slice(0, 2), 16) / 128 - 1) - upMs;
}

export const isEligible = (candidate: KeeperCandidate): boolean => eligibleInMs(candidate) <= 0;

export function keeperView(candidates: readonly KeeperCandidate[]): KeeperView {
  const nodes = (eligible: boolean): string[] => candidates.filter((each) => isEligible(each) === eligible).map(({ node }) => node);
  return { eligible: nodes(true).sort(), others: nodes(false).sort() };
}

/** The keepers of a record: the eligible peers whose NodeIds are closest to its key, then the closest of the others where those are too few. */
export function keepersOf({ eligible, others }: KeeperView, recordKey: string): string[] {
  const found = closest(recordKey, eligible, keepersCount);
  return [...found, ...closest(recordKey, others, keepersCount - found.length)];
}

/**
 * The `count` ids closest to `target` by XOR, nearest first. All are hex text of one length, and `sorted` is in rising order: then those
 * that share the first digits with the target are one run of it, and nothing else has to be looked at.
 */
export function closest(target: string, sorted: readonly string[], count: number): string[] {
  const found: string[] = [];
  const take = (from: number, to: number, depth: number): void => {
    if (to - from === 1) return void found.push(sorted[from]!);
    const digit = Number.parseInt(target[depth]!, 16);
    for (let distance = 0; distance < 16 && found.length < count; distance++) {
      const code = (digit ^ distance).toString(16).charCodeAt(0);
      const start = firstFrom(sorted, from, to, depth, code);
      const end = firstFrom(sorted, start, to, depth, code + 1);
      if (start < end) take(start, end, depth + 1);
    }
  };
  if (sorted.length > 0 && count > 0) take(0, sorted.length, 0);
  return found;
}

/** The first of sorted[from … to) whose character at `depth` is `code` or higher; `to` where there is none. */
function firstFrom(sorted: readonly string[], from: number, to: number, depth: number, code: number): number {
  let [low, high] = [from, to];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle]!.charCodeAt(depth) < code) low = middle + 1;
    else high = middle;
  }
  return low;
}
