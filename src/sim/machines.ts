import { seededRandom } from '../platform/memory/random.ts';
import type { Crashed } from './device.ts';
import { wipe } from './disk.ts';
import { fraction } from './draw.ts';
import type { Faults } from './faults.ts';
import type { Skew } from './peer-clock.ts';
import type { JoinOptions, SimulatedPeer, SimulatedSwarm } from './swarm.ts';

/** One peer over all its lives: what stays when its process dies. */
export interface Machine {
  readonly index: number;
  readonly node: string;
  /** Bytes that it lends. */
  readonly capacity: number;
  /** It runs an older version. */
  readonly older: boolean;
  /** The life that goes on; undefined while it is down, or not started yet. */
  readonly life: SimulatedPeer | undefined;
  /** The life that goes on, or was the last one. */
  readonly last: SimulatedPeer;
  /** How often its disk was emptied. */
  readonly wipes: number;
}

/** The machines of a swarm, and what may happen to each. Everything here is for events on the clock, and none waits for it. */
export interface Machines {
  all(): readonly Machine[];
  /** Those whose peer runs and is not frozen. */
  up(): readonly Machine[];
  /** Adds a peer; its clock and version are drawn. Resolves when it has started. */
  add(capacity: number, options?: Omit<JoinOptions, 'again' | 'skew' | 'older'>): Promise<Machine>;
  /** Its process dies; `keep` as in Device. It comes back after `downMs`. */
  crash(machine: Machine, downMs: number, keep: (tearable: readonly boolean[]) => number): Crashed;
  /** The same, and its disk is empty when it comes back. */
  wipe(machine: Machine, downMs: number): void;
  /** Says bye and goes, to come back after `downMs`. */
  leave(machine: Machine, downMs: number): void;
  /** Nothing happens in it for `ms`, and nothing gets in or out. */
  freeze(machine: Machine, ms: number): void;
  /** Nothing more can be written for `ms`; then its person makes room and lends as before. */
  fill(machine: Machine, ms: number): void;
  /** Its clock jumps. */
  skew(machine: Machine, offsetMs: number): void;
  /** Why peers could not be started again, or stopped: of a sound peer none. */
  readonly failures: readonly unknown[];
}

type Changing<T> = { -readonly [name in keyof T]: T[name] };

interface Kept extends Changing<Machine> {
  readonly options: JoinOptions;
  skewed: Skew;
  thaw: (() => void) | undefined;
}

export function createMachines(swarm: SimulatedSwarm, faults: Pick<Faults, 'peers'>): Machines {
  const { clock, network } = swarm;
  const { skewMs, driftPpm, olderShare } = faults.peers;
  const machines: Kept[] = [];
  const failures: unknown[] = [];
  let added = 0;

  const keptOf = (machine: Machine): Kept => machines[machine.index]!;

  const restart = (machine: Kept): void => {
    const { capacity, options, skewed: skew, older, last: again } = machine;
    const started = swarm.start(capacity, { ...options, skew, older, again });
    started.then(
      (life) => Object.assign(machine, { life, last: life }),
      (error: unknown) => failures.push(error),
    );
  };

  const crash = (machine: Kept, downMs: number, keep: (tearable: readonly boolean[]) => number): Crashed => {
    machine.thaw?.();
    machine.life = undefined;
    const crashed = machine.last.device.crash(keep);
    machine.last.kill();
    network.sever(machine.node);
    clock.timer(downMs, () => restart(machine));
    return crashed;
  };

  return {
    failures,
    all: () => machines,
    up: () => machines.filter(({ life }) => life !== undefined && !life.clock.isFrozen),
    async add(capacity, options = {}) {
      const random = seededRandom(`${swarm.seed}/machine/${added++}`);
      const either = (most: number): number => most * (2 * fraction(random) - 1);
      const skew = { offsetMs: Math.round(either(skewMs)), driftPpm: either(driftPpm), sinceMs: clock.now() };
      const older = fraction(random) < olderShare;
      const life = await swarm.start(capacity, { ...options, skew, older });
      const machine = {
        index: machines.length,
        node: life.node,
        capacity,
        older,
        life,
        last: life,
        wipes: 0,
        options,
        skewed: skew,
        thaw: undefined,
      };
      machines.push(machine);
      return machine;
    },
    crash: (machine, ...how) => crash(keptOf(machine), ...how),
    wipe(machine, downMs) {
      crash(keptOf(machine), downMs, () => 0);
      wipe(machine.last.disk, machine.last.values);
      keptOf(machine).wipes++;
    },
    leave(machine, downMs) {
      const kept = keptOf(machine);
      const { last } = machine;
      kept.life = undefined;
      const over = (): void => {
        // What it had asked of its disk is done; then its process ends.
        last.device.crash((pending) => pending.length);
        last.kill();
        clock.timer(downMs, () => restart(kept));
      };
      last.peer.stop().then(over, (error: unknown) => failures.push(error));
    },
    freeze(machine, ms) {
      const kept = keptOf(machine);
      const { clock: own, node } = machine.last;
      const only = new Set([node]);
      const ends = [network.trouble({ from: only, blocked: true }), network.trouble({ to: only, blocked: true })];
      own.freeze();
      const thaw = (): void => {
        if (kept.thaw !== thaw) return;
        kept.thaw = undefined;
        for (const end of ends) end();
        own.thaw();
      };
      kept.thaw = thaw;
      clock.timer(ms, thaw);
    },
    fill(machine, ms) {
      const { disk, device, peer } = machine.last;
      const { used, reserved } = peer.parts.shards.usage();
      disk.space = used + reserved;
      device.isFull = true;
      clock.timer(ms, () => {
        disk.space = Number.POSITIVE_INFINITY;
        device.isFull = false;
        machine.life?.peer.contribute(machine.capacity).catch((error: unknown) => failures.push(error));
      });
    },
    skew(machine, offsetMs) {
      const kept = keptOf(machine);
      kept.skewed = { ...kept.skewed, offsetMs, sinceMs: clock.now() };
      machine.last.clock.set(kept.skewed);
    },
  };
}
