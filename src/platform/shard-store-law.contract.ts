import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { errorCode } from '../core/errors.ts';
import { headroomOf } from '../core/storage/budget.ts';
import { placeKey } from '../core/storage/shard.ts';
import type { Place, ShardStore, StagedShard } from '../peer/ports.ts';
import { expectBytes, hold, places, sampleBytes, sampleMeta, writeAll } from './shard-samples.contract.ts';
import type { ShardStorage } from './shard-store.contract.ts';

/** What the counters must say: lengths by place. */
interface Model {
  capacity: number;
  readonly staged: Map<string, number>;
  readonly held: Map<string, number>;
}

interface Real {
  readonly storage: ShardStorage;
  store: ShardStore;
  readonly handles: Map<string, StagedShard>;
}

type Step = fc.AsyncCommand<Model, Real>;

const sum = (lengths: Map<string, number>): number => [...lengths.values()].reduce((total, length) => total + length, 0);

/** A step, after which usage and list must equal the model's. */
function step(
  name: string,
  run: (model: Model, real: Real) => Promise<void>,
  check: (model: Readonly<Model>) => boolean = () => true,
): Step {
  return {
    check,
    async run(model, real) {
      await run(model, real);
      const { capacity } = model;
      const counts = { used: sum(model.held), reserved: sum(model.staged) };
      expect(real.store.usage()).toEqual({ capacity, headroom: headroomOf(capacity), diskFull: false, ...counts });
      const lengths = (await real.store.list()).map(async (at) => [placeKey(at), (await real.store.meta(at))!.length] as const);
      expect(new Map(await Promise.all(lengths))).toEqual(model.held);
    },
    toString: () => name,
  };
}

function stage(place: Place, length: number): Step {
  const key = placeKey(place);
  return step(`stage ${key.slice(62)} of ${length}`, async (model, real) => {
    const room = model.capacity - headroomOf(model.capacity) - sum(model.held) - sum(model.staged);
    const expected = model.staged.has(key) || model.held.has(key) ? 'busy' : length > room ? 'full' : 'admitted';
    const outcome = await real.store.stage(place, length).then((handle) => (real.handles.set(key, handle), 'admitted'), errorCode);
    expect(outcome).toBe(expected);
    if (outcome === 'admitted') model.staged.set(key, length);
  });
}

function commit(place: Place): Step {
  const key = placeKey(place);
  const run = async (model: Model, real: Real): Promise<void> => {
    const length = model.staged.get(key)!;
    await writeAll(real.handles.get(key)!, sampleBytes(length));
    await real.handles.get(key)!.commit(sampleMeta(place, length));
    model.staged.delete(key);
    model.held.set(key, length);
    expectBytes(await real.store.read(place, 0, length), sampleBytes(length));
  };
  return step(`commit ${key.slice(62)}`, run, (model) => model.staged.has(key));
}

function discard(place: Place): Step {
  const key = placeKey(place);
  return step(`discard ${key.slice(62)}`, async (model, real) => {
    // Often of a staging that has ended, or ended before a restart: then it must change nothing.
    await real.handles.get(key)?.discard();
    model.staged.delete(key);
  });
}

function remove(place: Place): Step {
  return step(`delete ${placeKey(place).slice(62)}`, async (model, real) => {
    await real.store.delete(place);
    model.held.delete(placeKey(place));
  });
}

const setCapacity = (capacity: number): Step =>
  step(`capacity ${capacity}`, async (model, real) => {
    await real.store.setCapacity(capacity);
    model.capacity = capacity;
  });

const restart = (): Step =>
  step('restart', async (model, real) => {
    real.store = await real.storage.open();
    await real.store.start();
    real.handles.clear();
    model.staged.clear();
  });

const place = fc.constantFrom(...places);
const length = fc.oneof(fc.integer({ min: 1, max: 2000 }), fc.constantFrom(262_144, 262_145, 300_000));
const steps = [
  fc.tuple(place, length).map(([at, bytes]) => stage(at, bytes)),
  place.map(commit),
  place.map(discard),
  place.map(remove),
  fc.constantFrom(0, 1000, 400_000, 2_000_000).map(setCapacity),
  fc.constant(null).map(restart),
];

/** `used` is the sum of the committed lengths and `reserved` of the staged ones after any sequence of calls (SPEC STORE-7). */
export function shardStoreLaw(name: string, create: () => Promise<ShardStorage>, numRuns: number): void {
  describe(`shard store: ${name}`, () => {
    test('[STORE-7] usage is the sum of what is held and staged, after any sequence of calls', async () => {
      const commands = fc.commands(steps, { maxCommands: 30 });
      const property = fc.asyncProperty(commands, async (sequence) => {
        const storage = await create();
        const store = await storage.open();
        await store.start();
        await store.setCapacity(2_000_000);
        const setup = (): { model: Model; real: Real } => ({
          model: { capacity: 2_000_000, staged: new Map(), held: new Map() },
          real: { storage, store, handles: new Map() },
        });
        try {
          await fc.asyncModelRun(setup, sequence);
        } finally {
          await storage.dispose();
        }
      });
      await fc.assert(property, { numRuns });
    });

    test('[STORE-7] and after calls that overlap', async () => {
      const storage = await create();
      const store = await storage.open();
      await store.start();
      await store.setCapacity(10_000_000);
      await Promise.all(places.map((at, i) => hold(store, at, sampleBytes(300_000 + i))));
      const [a, b, c, d] = places as [Place, Place, Place, Place];
      await Promise.all([
        store.delete(a).then(() => hold(store, a, sampleBytes(7))),
        store.delete(b),
        store.delete(c).then(() => store.stage(c, 11)),
        store.delete(d),
      ]);
      const { used, reserved } = store.usage();
      expect({ used, reserved }).toEqual({ used: 7, reserved: 11 });
      await storage.dispose();
    });
  });
}
