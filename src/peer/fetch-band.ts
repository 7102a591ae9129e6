import { ShoalError, type Verdict } from '../core/errors.ts';
import { type Band, placeOf } from '../core/object/bands.ts';
import { geometry } from '../core/object/geometry.ts';
import type { Head } from '../core/record/heads.ts';
import { holdersIn } from '../core/record/view.ts';
import { chooseReads, isReadable, type Source } from './choose-reads.ts';
import { fetchLeaves, type ReadOutcome } from './fetch-leaves.ts';
import type { Links } from './links/exchange.ts';
import type { Pace } from './pace.ts';
import type { Clock, Log, Opener } from './ports.ts';
import type { Task } from './task.ts';

export interface FetchOptions {
  readonly clock: Clock;
  readonly links: Links;
  readonly log: Log;
  readonly verdict: (verdict: Verdict) => void;
  /** Sources whose bytes were wrong, kept by the caller for the whole receive: "node segment shard". */
  readonly bad: Set<string>;
  readonly pace: Pace;
  readonly opener: Opener;
  /** What is known now of the version that the opener opens: claims may come while a download runs. */
  readonly head: () => Head;
  /** When it ends, every read under way is given up. */
  readonly task: Task;
  /** Too few shards can be had from the peers linked now: resolves when it is worth looking again. Throws `cancelled` with the task. */
  readonly starved: (band: Band, task: Task) => Promise<void>;
  /** Something was read, so it is not starved, or no longer. */
  readonly fed: (band: Band) => void;
}

/** A read under way, as the choice of further ones sees it. */
interface Read {
  readonly shard: number;
  late: boolean;
  cancel(): void;
}

/**
 * Fetches what one band needs into the opener, every leaf verified there before it is used: the wanted shards, or any k (SPEC READ-2).
 * A source that fails is replaced by another; one that sent wrong bytes is not asked again; one that is late is hedged by another
 * (READ-9). It takes as long as it takes: peers may still come (READ-3). Throws `cancelled` when the task ends, and what the opener throws.
 */
export async function fetchBand(options: FetchOptions, band: Band): Promise<void> {
  const { links, bad, pace, head, task, clock } = options;
  const { descriptor } = head();
  const { contentRoot, k, m } = descriptor;
  const place = placeOf(geometry(k, m, descriptor.ciphertextLength), band);
  const got = new Set<number>();
  const tried = new Set<string>();
  /** Holders to whom links were to be made: each once, until all were. */
  const asked = new Set<string>();
  /** Shards for which a link was asked for since the last look. */
  const asking = new Set<number>();
  const underWay = new Set<Read>();
  let over = false;
  let broken: Error | undefined;
  let wake = (): void => {};

  /** Everyone who claims a shard that is not here, linked or not, but for those whose bytes were wrong. */
  const holders = (): { shard: number; node: string }[] =>
    holdersIn(head(), place.segment, clock.now())
      .flatMap((nodes, shard) => nodes.map((node) => ({ shard, node })))
      .filter(({ shard, node }) => !got.has(shard) && !bad.has(`${node} ${place.segment} ${shard}`));

  const sources = (): Source[] =>
    holders()
      .filter(({ shard, node }) => links.session(node) !== undefined && !tried.has(`${node} ${shard}`))
      .map((each) => ({ ...each, doubtful: pace.isDoubtful(each.node) }))
      .toSorted((a, b) => Number(a.doubtful) - Number(b.doubtful));

  /** Asks for links to as many holders as are missing: a peer has none to most of a large swarm. Each that comes wakes. */
  const reach = (): void => {
    const offered = new Set(sources().map(({ shard }) => shard));
    const others = holders().filter(({ shard, node }) => !offered.has(shard) && links.session(node) === undefined && !asked.has(node));
    if (others.length === 0) asked.clear();
    const next = new Map(others.filter(({ shard }) => !asking.has(shard)).map(({ shard, node }) => [shard, node]));
    const missing = k - got.size - new Set([...offered, ...asking]).size;
    for (const [shard, node] of [...next].slice(0, Math.max(0, missing))) {
      asked.add(node);
      asking.add(shard);
      links.connect(node).then(
        () => wake(),
        () => {},
      );
    }
  };

  const ended = ({ shard, node }: Source, startedMs: number, outcome: ReadOutcome): void => {
    if (outcome === 'wrong') bad.add(`${node} ${place.segment} ${shard}`);
    if (outcome !== 'got') return pace.failed(node);
    got.add(shard);
    pace.answered(node, clock.now() - startedMs);
    options.fed(band);
  };

  const start = (source: Source): void => {
    const { shard, node } = source;
    const session = links.session(node);
    tried.add(`${node} ${shard}`);
    if (session === undefined) return;
    const startedMs = clock.now();
    const { outcome, cancel } = fetchLeaves({ ...options, session, contentRoot, shard, place });
    const read: Read = { shard, late: false, cancel };
    underWay.add(read);
    const stopTimer = callLate(read, node);
    void outcome
      // What was cancelled because the band is readable, or given up, failed nobody.
      .then((how) => (over ? undefined : ended(source, startedMs, how)))
      .catch((error: unknown) => (broken = error instanceof Error ? error : new ShoalError('internal', String(error))))
      .finally(() => {
        stopTimer();
        underWay.delete(read);
        wake();
      });
  };

  /** Looks after a while whether a read should be hedged, and then again: there may be nobody to ask, or too much was hedged already. */
  const callLate = (read: Read, node: string): (() => void) => {
    let stop = (): void => {};
    const arm = (): void => {
      stop = clock.timer(pace.lateAfterMs(), () => {
        if (sources().length === 0 || !pace.callLate(node)) return arm();
        read.late = true;
        wake();
      });
    };
    arm();
    return () => stop();
  };

  const step = async (): Promise<void> => {
    const reads = chooseReads({ k, wanted: band.wanted, got, underWay: [...underWay], sources: sources() });
    for (const source of reads) start(source);
    const woken = new Promise<void>((resolve) => (wake = resolve));
    if (underWay.size > 0) return task.race(woken);
    if (reads.length > 0) return;
    // First: who was tried in vain offers nothing, and is tried again.
    reach();
    tried.clear();
    await Promise.race([options.starved(band, task).then(() => asking.clear()), woken]);
  };

  try {
    while (!isReadable({ k, wanted: band.wanted, got })) {
      task.requireGoing();
      if (broken !== undefined) throw broken;
      await step();
    }
  } finally {
    over = true;
    for (const read of underWay) read.cancel();
    options.fed(band);
  }
}
