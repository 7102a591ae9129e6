/** The one table of health words; colour, text, metrics and alerts read it (SPEC HEALTH-1). */
export const healthWords = ['Safe', 'Thin', 'At risk', 'Waiting', 'Lost', 'Spreading', 'Repairing'] as const;
export type HealthWord = (typeof healthWords)[number];

/** For each segment, for each of its n shards, the live holders (failure domains, where known) of that shard, each once. */
export type Holders = readonly (readonly (readonly string[])[])[];

/** The same with each holder's failure domain in its place. */
export function domainsOf(holders: Holders, domainOf: (holder: string) => string): Holders {
  return holders.map((segment) => segment.map((each) => [...new Set(each.map(domainOf))]));
}

export interface Health {
  /**
   * How many holders can vanish in the worst case and leave every segment with k shards; -1 when a segment is below k already.
   * Where holders share copies of a shard this is the safe side of the truth.
   */
  readonly margin: number;
  /** Fewest shards online in any segment. */
  readonly online: number;
  /** Distinct live holders (failure domains, where known). */
  readonly holders: number;
  readonly word: HealthWord;
}

/**
 * Health of an object from who holds what, now.
 *
 * @param spreading the owner is still placing shards
 * @param mayReturn a missing holder was seen within its grace, or nobody has watched for that long (splits Waiting from Lost)
 */
export function classifyHealth(k: number, holders: Holders, state: { readonly spreading: boolean; readonly mayReturn: boolean }): Health {
  const margin = Math.min(...holders.map((segment) => segmentMargin(k, segment)));
  const online = Math.min(...holders.map((segment) => segment.filter((each) => each.length > 0).length));
  const count = new Set(holders.flat(2)).size;
  return { margin, online, holders: count, word: word(margin, state) };
}

/**
 * The worst of several healths, one for each way to tell what fails together: a peer's failure domain is what its operator says, its
 * network what the server sees, and neither makes the other one safer.
 */
export function worstHealth(
  k: number,
  holders: Holders,
  ways: readonly ((holder: string) => string)[],
  state: Parameters<typeof classifyHealth>[2],
): Health {
  return ways
    .map((way) => classifyHealth(k, domainsOf(holders, way), state))
    .sort((a, b) => a.margin - b.margin || a.holders - b.holders)[0]!;
}

function word(margin: number, state: { readonly spreading: boolean; readonly mayReturn: boolean }): HealthWord {
  if (state.spreading) return 'Spreading';
  if (margin >= 2) return 'Safe';
  if (margin === 1) return 'Thin';
  if (margin === 0) return 'At risk';
  return state.mayReturn ? 'Waiting' : 'Lost';
}

/** Takes away the most loaded holders first, counting a shared shard as gone with either of its holders. */
function segmentMargin(k: number, shards: readonly (readonly string[])[]): number {
  const load = new Map<string, number>();
  for (const holder of shards.flat()) load.set(holder, (load.get(holder) ?? 0) + 1);
  let left = shards.filter((each) => each.length > 0).length;
  if (left < k) return -1;
  let vanished = 0;
  for (const held of [...load.values()].sort((a, b) => b - a)) {
    left -= held;
    if (left < k) break;
    vanished++;
  }
  return vanished;
}

/**
 * The one line about a file: "Safe: 6 of 6 shards online, any 4 restore it, 2 of 6 peers can vanish".
 *
 * @param peers distinct live holders, where failure domains join some of them: then the line is about networks
 * @param oneMachine all of them are known to be on one machine
 */
export function healthSentence(k: number, n: number, health: Health, peers = health.holders, oneMachine = false): string {
  const shards = `${health.online} of ${n} ${plural(n, 'shard')} online`;
  const restore = k === 1 ? 'any 1 restores it' : `any ${k} restore it`;
  switch (health.word) {
    case 'Waiting':
      return `Waiting: ${shards}, ${k} needed; missing peers may come back`;
    case 'Lost':
      return `Lost: ${shards}, ${k} needed, and no missing peer was seen for 15 minutes`;
    case 'Spreading':
      return `Spreading: ${shards}, ${restore}. Keep this tab open`;
    default:
      return `${health.word}: ${shards}, ${restore}, ${spare(health, peers)}${oneMachine && peers > 1 ? '; all on one machine' : ''}`;
  }
}

/** What can vanish. */
function spare({ margin, holders }: Health, peers: number): string {
  if (holders === 1 && peers > 1) return `but all ${peers} peers are in one network`;
  const name = holders < peers ? 'network' : 'peer';
  return margin === 0 ? `no ${name} can vanish` : `${margin} of ${holders} ${plural(holders, name)} can vanish`;
}

const plural = (count: number, word: string): string => (count === 1 ? word : `${word}s`);
