import { type Holders, worstHealth } from '../core/durability/health.ts';
import { errorCode } from '../core/errors.ts';
import { geometry } from '../core/object/geometry.ts';
import { claimHolds } from '../core/record/claim.ts';
import type { RecordState } from '../core/record/record.ts';
import { readableHead } from '../core/record/view.ts';
import type { Clock, Log } from './ports.ts';
import type { Records } from './records.ts';
import { createStandings, type KnownPeers } from './standings.ts';
import type { Task } from './task.ts';

/** Changes are gathered for so long before what they mean is computed. */
const gatherMs = 1_000;
/** Without changes it is computed again after this long: timers take no more than 24 days. */
const lookMs = 86_400_000;
/** Objects held of which this is known; what is held beyond that does not count. */
const objectsMax = 10_000;

/** What must be known of an object held: who claims what of it. */
interface Held {
  readonly k: number;
  readonly n: number;
  readonly segments: number;
  readonly claims: readonly { readonly node: string; readonly bitmap: Uint8Array; readonly expiresMs: number }[];
  needed: boolean;
  /** It holds until then at most, ms: claims expire. */
  untilMs: number;
}

/** Whether somebody's object would be At risk or worse without the shards held here (SPEC HOLD-9). */
export interface Needed {
  /** Reads the records of what is held from earlier runs. */
  start(): Promise<void>;
  /** A record kept here is another one now. */
  merged(record: RecordState): void;
  /** The swarm changed. */
  changed(): void;
  value(): boolean;
}

export function createNeeded(options: {
  readonly clock: Clock;
  readonly self: string;
  readonly records: Pick<Records, 'keys' | 'local'>;
  readonly membership: KnownPeers;
  readonly log: Log;
  /** The value is another one. */
  readonly told: () => void;
  /** Ends with the peer. */
  readonly task: Task;
}): Needed {
  const { clock, self, records, membership, log, told, task } = options;
  const held = new Map<string, Held>();
  const standings = createStandings(membership);
  let value = false;
  /** When the next look is due, ms, and how to take it back. */
  let dueMs = Infinity;
  let stopTimer = (): void => {};
  let over = false;

  const isLive = (node: string): boolean => node === self || standings.of(node).state === 'live';
  const ways = (['domain', 'network'] as const).map((way) => (node: string) => (node === self ? self : standings.of(node)[way]));

  const isNeeded = ({ k, n, segments, claims }: Held): boolean => {
    const current = claims.filter(({ expiresMs }) => expiresMs > clock.now());
    const own = current.find(({ node }) => node === self);
    if (own === undefined) return false;
    const mayReturn = current.some(({ node }) => !isLive(node) && standings.of(node).state !== 'gone');
    const margin = (holders: Holders) => worstHealth(k, holders, ways, { spreading: false, mayReturn });
    for (let segment = 0; segment < segments; segment++) {
      const bits = Array.from({ length: n }, (_, shard) => segment * n + shard);
      const mine = bits.filter((bit) => claimHolds(own, bit)).length;
      // Where nobody else is known to hold anything the record has not come yet.
      if (mine === 0 || (mine < n && current.length === 1)) continue;
      const holders = bits.map((bit) => current.filter((claim) => isLive(claim.node) && claimHolds(claim, bit)).map(({ node }) => node));
      const others = holders.map((nodes) => nodes.filter((node) => node !== self));
      if (margin([holders]).word !== 'Lost' && margin([others]).margin <= 0) return true;
    }
    return false;
  };

  const lookAt = (ms: number): void => {
    if (over || ms >= dueMs) return;
    stopTimer();
    dueMs = ms;
    stopTimer = clock.timer(ms - clock.now(), compute);
  };

  const compute = (): void => {
    dueMs = Infinity;
    const moved = standings.changed();
    const nowMs = clock.now();
    for (const object of held.values()) {
      if (nowMs < object.untilMs && !object.claims.some(({ node }) => moved.has(node))) continue;
      object.needed = isNeeded(object);
      object.untilMs = object.claims.reduce((least, { expiresMs }) => (expiresMs > nowMs ? Math.min(least, expiresMs) : least), Infinity);
    }
    const before = value;
    value = [...held.values()].some(({ needed }) => needed);
    if (value !== before) told();
    // Nobody says that a claim has expired.
    if (held.size > 0) lookAt([...held.values()].reduce((least, { untilMs }) => Math.min(least, untilMs), nowMs + lookMs));
  };

  const soon = (): void => {
    if (held.size > 0 || value) lookAt(clock.now() + gatherMs);
  };

  const merged = (record: RecordState): void => {
    const { recordKey, heads } = record;
    // Of the version that is read, where something of that is held here; else of the newest of which something is.
    const mine = heads.filter(({ claims }) => claims.get(self)?.claim.bitmap.some((byte) => byte !== 0) === true);
    const readable = readableHead(record, clock.now());
    const head = mine.find((each) => each === readable) ?? mine[0];
    if (head === undefined) {
      if (!held.delete(recordKey)) return;
      standings.keep(new Set([...held.values()].flatMap((object) => object.claims.map(({ node }) => node))));
      return soon();
    }
    if (held.size >= objectsMax && !held.has(recordKey)) return;
    const { descriptor, claims } = head;
    const { segments, n } = geometry(descriptor.k, descriptor.m, descriptor.ciphertextLength);
    held.set(recordKey, {
      ...{ k: descriptor.k, n, segments },
      // Copies: a bitmap is a part of the whole record, which would stay in memory with it.
      claims: [...claims].map(([node, { claim }]) => ({ node, bitmap: claim.bitmap.slice(), expiresMs: claim.expiresMs })),
      needed: held.get(recordKey)?.needed ?? false,
      untilMs: 0,
    });
    soon();
  };

  task.onEnd(() => {
    over = true;
    stopTimer();
  });

  return {
    async start() {
      for (const recordKey of await records.keys()) {
        const record = await records.local(recordKey).catch((error: unknown) => log('warn', 'record not read', { code: errorCode(error) }));
        if (record !== undefined && !held.has(recordKey)) merged(record);
      }
    },
    merged,
    changed: soon,
    value: () => value,
  };
}
