import type { MetaKind, SealJob, ShardMeta } from '../../peer/ports.ts';
import type { Ledger } from '../ledger.ts';
import type { Machine } from '../machines.ts';

/** A peer that is looked at from outside. Of one that misbehaves on purpose nothing is expected. */
export interface Watched {
  readonly node: string;
  readonly honest: boolean;
}

/** A file as a reader was handed it. */
export interface Read {
  readonly objectKey: Uint8Array;
  /** Which version it was said to be. */
  readonly version: number;
  readonly bytes: Uint8Array;
  /** When the reader asked for it, ms. */
  readonly begunMs: number;
}

/** A record that a reader was to find. */
export interface LookUp {
  /** Hex text. */
  readonly recordKey: string;
  /** When the reader began to look, ms. */
  readonly begunMs: number;
}

/** What is seen at the ports of peers, on their disks and on the wire, each when it has happened. */
export interface Sights {
  /** Room was reserved for a shard. */
  staged(who: Watched): void;
  /** A shard is durable. */
  committed(who: Watched, meta: ShardMeta): void;
  /** A shard is there no more; `sound`: it was whole until then. */
  removed(who: Watched, meta: ShardMeta, sound: boolean): void;
  /** A small value is durable. */
  kept(who: Watched, kind: MetaKind, key: string, value: Uint8Array): void;
  /** A key exists that never leaves its peer, or a text that is nobody's business. */
  secret(bytes: Uint8Array): void;
  /** Something was sealed under a key, by whomever. */
  sealed(key: Uint8Array, nonce: Uint8Array, digest: Uint8Array): void;
  /** An owner begins to seal a version. */
  sealing(who: Watched, job: SealJob): void;
  /** A frame was handed to a link, of which so many bytes wait now. */
  queued(who: Watched, bufferedAmount: number): void;
  /** A request was handed to a link: of this peer's own so many are under way on it now. */
  asked(who: Watched, underWay: number): void;
  /** Another request comes over a link: so many that came before have no answer yet. In the link's buffer so many bytes wait. */
  owed(who: Watched, underWay: number, bufferedAmount: number): void;
  frame(from: string, to: string, frame: Uint8Array): void;
  /** What a peer says aside of its links: signaling and log lines. */
  said(who: Watched, text: string): void;
  /** A reader was handed a whole file. */
  read(who: Watched, read: Read): void;
  /** A reader had time enough to find the record of an object that somebody looks after. `found`: it did. */
  lookedUp(who: Watched, lookUp: LookUp, found: boolean): void;
  /** Something was asked of a peer that nobody with the right to it asks there and now. `obeyed`: it did so all the same. */
  forged(who: Watched, what: string, obeyed: boolean): void;
  /** The run is over, all healed and quiet. */
  ended(machines: readonly Machine[], honest: (node: string) => boolean): void;
}

/** What a checker may ask, and where it says what it found. */
export interface World {
  readonly ledger: Ledger;
  nowMs(): number;
  /** How an end of a run sees a machine: by NodeId; undefined for whoever is none. */
  machine(node: string): Machine | undefined;
  /** All of them, those that are down too. */
  machines(): readonly Machine[];
  /** When the peer last started, ms. */
  startedMs(node: string): number;
  /** One check, of these peers: `words` say what is wrong where it does not hold. */
  check(holds: boolean, words: () => string, ...nodes: readonly string[]): void;
}

/** One invariant, from outside the code under test: what it looks at, and what it does then. */
export interface Checker {
  readonly invariant: string;
  watch(world: World): Partial<Sights>;
}

/** A violation of an invariant. */
export interface Violation {
  readonly invariant: string;
  /** From the beginning of the run, ms. */
  readonly ms: number;
  readonly words: string;
  readonly nodes: readonly string[];
}

/** How often an invariant was checked, and how often it did not hold. */
export interface Count {
  checks: number;
  violations: number;
}

/** Of violations so many are remembered; all are counted. */
const violationsMax = 100;

/** Puts checkers together: whatever is seen is told to each that looks at it. */
export function together(
  checkers: readonly Checker[],
  world: Omit<World, 'check'>,
): { readonly sights: Sights; readonly counts: Readonly<Record<string, Count>>; readonly violations: readonly Violation[] } {
  const startMs = world.nowMs();
  const counts: Record<string, Count> = {};
  const violations: Violation[] = [];
  const watching = checkers.map(({ invariant, watch }) => {
    const count: Count = { checks: 0, violations: 0 };
    counts[invariant] = count;
    return watch({
      ...world,
      check(holds, words, ...nodes) {
        count.checks++;
        if (holds) return;
        count.violations++;
        if (violations.length < violationsMax) violations.push({ invariant, ms: world.nowMs() - startMs, words: words(), nodes });
      },
    });
  });

  const tell = <K extends keyof Sights>(what: K): Sights[K] => {
    const told = watching.filter((each) => each[what] !== undefined);
    const [only] = told;
    // Frames are told by the hundred thousand, each to one.
    if (only !== undefined && told.length === 1) return only[what]!;
    return ((...seen: Parameters<Sights[K]>) => {
      for (const each of told) (each[what] as (...seen: Parameters<Sights[K]>) => void)(...seen);
    }) as Sights[K];
  };
  const sights: Sights = {
    staged: tell('staged'),
    committed: tell('committed'),
    removed: tell('removed'),
    kept: tell('kept'),
    secret: tell('secret'),
    sealed: tell('sealed'),
    sealing: tell('sealing'),
    queued: tell('queued'),
    asked: tell('asked'),
    owed: tell('owed'),
    frame: tell('frame'),
    said: tell('said'),
    read: tell('read'),
    lookedUp: tell('lookedUp'),
    forged: tell('forged'),
    ended: tell('ended'),
  };
  return { sights, counts, violations };
}
