import { parseCapability } from '../core/crypto/capability.ts';
import { concatBytes } from '../core/bytes/compare.ts';
import { toHex } from '../core/bytes/text.ts';
import { recordKey } from '../core/crypto/keys.ts';
import { errorCode } from '../core/errors.ts';
import type { DroppedFile } from '../peer/files.ts';
import type { Random } from '../peer/ports.ts';
import { seededRandom } from '../platform/memory/random.ts';
import type { Sights } from './checkers/checker.ts';
import { below, fraction } from './draw.ts';
import type { Machine, Machines } from './machines.ts';
import { memoryFile, memorySink } from './memory-file.ts';
import type { SimulatedPeer, SimulatedSwarm } from './swarm.ts';

/** What people do, and how often an hour: of files for each peer, of all else for the whole swarm. */
const perHour = { put: 0.7, replace: 8, read: 100, remove: 8, renew: 4, join: 1 } as const;
/** A reader has so much patience with one file. */
const patienceMs = 120_000;
/** When it is first looked whether a file is stored, then each time after twice as long, and last. */
const lookMs = 2_000;
const lookMaxMs = 600_000;
/** Of new versions one in so many is cancelled: within this time, or once all of it is placed, which is looked for so often for as long. */
const cancelledOne = 3;
const cancelMs = 10_000;
const cancelLookMs = 50;
/** Of all files one in so many is large. */
const largeOne = 12;

/** How the reads of a run ended. */
export interface Outcomes {
  stored: number;
  /** New versions that were begun, and those of them that were cancelled on their way. */
  replaced: number;
  cancelled: number;
  reads: number;
  /** Whole files handed over. */
  whole: number;
  /** The reader was told that the owner deleted it. */
  deleted: number;
  /** The reader, or its link to the world, was taken away meanwhile, or the file was. */
  broken: number;
  /** The record was not found in time, though nobody deleted the file. */
  misses: number;
  /** It was, and not enough shards to read the file. */
  starved: number;
  removed: number;
  renewed: number;
}

/** A file that was stored once, by an owner of which a peer here is the device, or by a stranger. */
interface Stored {
  readonly id: string;
  readonly owner: Machine | undefined;
  readonly capability: string;
  removing: boolean;
}

/** Peers and people of one run. */
export interface Cast {
  readonly swarm: SimulatedSwarm;
  readonly machines: Machines;
  readonly sights: Sights;
  /** Who misbehaves has no files of its own. */
  readonly honest: (machine: Machine) => boolean;
  /** Somebody new comes. */
  readonly join: () => void;
  /** Capabilities to read what others stored, who look after nothing. */
  readonly strangers: () => readonly string[];
}

/**
 * Has owners store, replace, renew and delete and readers read, from now on for `activeMs`, and readers go on reading until `untilMs`. When and who is
 * drawn from a stream of its own: the faults of a run move none of it.
 */
export function playScenario(
  cast: Cast,
  {
    busy,
    peers,
    activeMs,
    untilMs,
  }: { readonly busy: number; readonly peers: number; readonly activeMs: number; readonly untilMs: number },
): Outcomes {
  const { swarm, machines, honest } = cast;
  const { clock } = swarm;
  const outcomes: Outcomes = {
    stored: 0,
    replaced: 0,
    cancelled: 0,
    reads: 0,
    whole: 0,
    deleted: 0,
    broken: 0,
    misses: 0,
    starved: 0,
    removed: 0,
    renewed: 0,
  };
  const files: Stored[] = [];

  const one = (from: readonly Machine[], random: Random): Machine | undefined => from[below(Math.max(1, from.length), random)];
  const someone = (random: Random): Machine | undefined => one(machines.up().filter(honest), random);
  /** Deleted ones among them: that they are gone has to be seen, too. */
  const someFile = (random: Random): Stored | undefined => {
    const strange = cast.strangers().map((capability) => ({ id: '', owner: undefined, capability, removing: false }));
    return [...files, ...strange][below(Math.max(1, files.length + strange.length), random)];
  };

  const events: Record<keyof typeof perHour, (random: Random) => void> = {
    put(random) {
      const owner = someone(random);
      const life = owner?.life;
      if (owner === undefined || life === undefined) return;
      const id = life.peer.drop(droppedFile(random));
      const look = (afterMs: number): void => {
        clock.timer(afterMs, () => {
          const view = owner.life?.peer.snapshot().files.find((each) => each.id === id);
          if (view?.state === 'stored') {
            outcomes.stored++;
            files.push({ id, owner, capability: view.capability, removing: false });
          } else if (afterMs < lookMaxMs) look(2 * afterMs);
        });
      };
      look(lookMs);
    },
    replace(random) {
      const file = someFile(random);
      const life = file?.owner?.life;
      const next = droppedFile(random);
      if (file === undefined || life === undefined || file.removing) return;
      try {
        life.peer.drop({ ...next, replaces: file.id });
        outcomes.replaced++;
        if (below(cancelledOne, random) === 0) cancelLater(cast, outcomes, file, life, random);
      } catch (error) {
        // The one before is still on its way, or the list of own files went with its disk.
        const isTold = errorCode(error) === 'busy' || (errorCode(error) === 'not-found' && file.owner!.wipes > 0);
        if (!isTold) throw error;
      }
    },
    read(random) {
      const file = someFile(random);
      const life = someone(random)?.life;
      if (file !== undefined && life !== undefined) read(cast, outcomes, file, life);
    },
    remove(random) {
      const file = someFile(random);
      const life = file?.owner?.life;
      if (file === undefined || life === undefined || file.removing) return;
      file.removing = true;
      life.peer.remove(file.id).then(
        () => void outcomes.removed++,
        () => {},
      );
    },
    renew(random) {
      const life = someFile(random)?.owner?.life;
      life?.peer.renew().then(
        ({ renewed }) => void (outcomes.renewed += renewed),
        () => {},
      );
    },
    // However busy people are, no more of them come.
    join: (random) => void (fraction(random) * busy < 1 && cast.join()),
  };

  for (const [what, run] of Object.entries(events) as [keyof typeof perHour, (random: Random) => void][]) {
    const random = seededRandom(`${swarm.seed}/people/${what}`);
    const endMs = what === 'read' ? untilMs : activeMs;
    const count = Math.ceil((busy * perHour[what] * (what === 'put' ? peers : 1) * endMs) / 3_600_000);
    for (let i = 0; i < count; i++) {
      const seed = `${swarm.seed}/people/${what}/${i}`;
      clock.timer(fraction(random) * endMs, () => run(seededRandom(seed)));
    }
  }
  return outcomes;
}

/** Somebody thinks better of a new version: at any moment, or at the last one. */
function cancelLater({ swarm }: Cast, outcomes: Outcomes, file: Stored, life: SimulatedPeer, random: Random): void {
  const { clock } = swarm;
  const isLate = below(2, random) === 0;
  const endMs = clock.now() + cancelMs;
  const look = (afterMs: number): void => {
    clock.timer(afterMs, () => {
      if (file.owner?.life !== life) return;
      const replacing = life.peer.snapshot().files.find(({ id }) => id === file.id)?.replacing;
      if (replacing === undefined || replacing.error !== undefined) return;
      const isPlaced = replacing.bytesTotal > 0 && replacing.bytesStored >= replacing.bytesTotal;
      if (isLate && !isPlaced && clock.now() < endMs) return look(cancelLookMs);
      life.peer.cancel(file.id);
      outcomes.cancelled++;
    });
  };
  look(isLate ? cancelLookMs : below(cancelMs, random));
}

function droppedFile(random: Random): DroppedFile {
  const bytes = random.bytes(sizeOf(random));
  return memoryFile(`file ${[...random.bytes(12)].join('')}`, bytes);
}

/** Mostly small: what a message or a note has. */
const sizeOf = (random: Random): number => (below(largeOne, random) === 0 ? 70_000 + below(230_000, random) : 64 + below(4_000, random));

function read({ swarm, sights, machines }: Cast, outcomes: Outcomes, file: Stored, life: SimulatedPeer): void {
  const capability = parseCapability(file.capability);
  if (capability.right !== 'read') return;
  const { clock } = swarm;
  const { node, peer } = life;
  const sink = memorySink();
  const begunMs = clock.now();
  outcomes.reads++;
  const who = { node, honest: true };
  const view = () => peer.snapshot().receives.find((each) => each.id === id);
  let over = false;
  const end = (how: keyof Outcomes): void => {
    if (over) return;
    over = true;
    outcomes[how]++;
    if (how !== 'whole' && how !== 'starved' && how !== 'misses') return;
    sights.lookedUp(who, { recordKey: toHex(recordKey(capability.objectKey)), begunMs }, how !== 'misses');
  };
  const isThere = (): boolean => machines.up().some((each) => each.life === life);
  /** Nothing was handed over: what is missing, where somebody looks after the file and the reader is there. */
  const unread = (): 'broken' | 'starved' | 'misses' => {
    const seen = view();
    if (file.owner === undefined || file.removing || seen === undefined || !isThere()) return 'broken';
    return seen.announced || seen.deleted ? 'starved' : 'misses';
  };

  const id = peer.open(capability);
  clock.timer(patienceMs, () => {
    if (over) return;
    end(unread());
    peer.cancelReceive(id);
  });
  peer.download(id, sink).then(
    () => {
      const version = view()?.version ?? 0;
      sights.read(who, { objectKey: capability.objectKey, version, bytes: concatBytes(...sink.parts), begunMs });
      end('whole');
    },
    (error: unknown) => {
      if (file.removing && errorCode(error) === 'not-found') end('deleted');
      // Two readers at one peer: the first one goes on.
      else end(errorCode(error) === 'busy' ? 'broken' : unread());
    },
  );
}
