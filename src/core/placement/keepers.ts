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
 * that share the first bits with the target are one run of it, and nothing else has to be looked at.
 */
export function closest(target: string, sorted: readonly string[], count: number): string[] {
  const found: string[] = [];
  /** Of sorted[from … to), which share all bits before this one: first those that share it with the target, then the others. */
  const take = (from: number, to: number, bit: number): void => {
    if (found.length >= count || from === to) return;
    if (to - from === 1 || bit === 4 * target.length) return void found.push(sorted[from]!);
    const middle = firstSet(sorted, from, to, bit);
    if (isSet(target, bit)) {
      take(middle, to, bit + 1);
      take(from, middle, bit + 1);
    } else {
      take(from, middle, bit + 1);
      take(middle, to, bit + 1);
    }
  };
  take(0, sorted.length, 0);
  return found;
}

/** Whether a bit of hex text is set, the highest of its first digit counted as 0. */
function isSet(text: string, bit: number): boolean {
  const code = text.charCodeAt(bit >> 2);
  // 0 to 9 have the codes from 48 on, a to f those from 97 on.
  return ((code < 97 ? code - 48 : code - 87) & (8 >> (bit & 3))) !== 0;
}

/** The first of sorted[from … to), which share all bits before this one, that has it; `to` where there is none. */
function firstSet(sorted: readonly string[], from: number, to: number, bit: number): number {
  let [low, high] = [from, to];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (isSet(sorted[middle]!, bit)) high = middle;
    else low = middle + 1;
  }
  return low;
}
