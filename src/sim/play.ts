import type { Random } from '../peer/ports.ts';
import { seededRandom } from '../platform/memory/random.ts';
import { rotShard } from './disk.ts';
import { around, below, fraction } from './draw.ts';
import type { Faults } from './faults.ts';
import type { Machine, Machines } from './machines.ts';
import { type FaultEvent, type FaultKind, faultKinds, type StrikingKind } from './plan.ts';
import type { SimulatedSwarm } from './swarm.ts';

/** How often each kind of fault has taken effect. */
export type FaultCounts = Readonly<Record<FaultKind, number>>;

/** What one fault does to one machine, when it strikes. `lastsMs(mean)` draws how long, so that all is healed in time. */
type Strike = (machine: Machine, random: Random, lastsMs: (meanMs: number) => number) => void;

/**
 * Lets the faults of a plan strike the machines of a swarm, from now on; everything is healed `untilMs` from now at the latest. Counts and
 * traces what took effect: a fault that finds nobody to strike is none.
 */
export function playFaults(options: {
  readonly swarm: SimulatedSwarm;
  readonly machines: Machines;
  readonly plan: readonly FaultEvent[];
  readonly faults: Faults;
  readonly untilMs: number;
}): FaultCounts {
  const { swarm, machines, plan, faults } = options;
  const { clock, network, trace } = swarm;
  const healedMs = clock.now() + options.untilMs;
  const counts: Record<FaultKind, number> = { ...noFaults };

  const count = (kind: FaultKind, node: string, other = ''): void => {
    counts[kind]++;
    trace.note('fault', node, other, kind);
  };
  const strikes = strikesOf({ swarm, machines, faults, count });

  const strike = ({ kind, seed }: FaultEvent): void => {
    const random = seededRandom(seed);
    const up = machines.up();
    if (up.length === 0) return;
    strikes[kind](up[below(up.length, random)]!, random, (meanMs) => Math.min(around(meanMs, random), healedMs - clock.now()));
  };

  for (const event of plan) clock.timer(event.atMs, () => strike(event));
  for (const { older, node } of machines.all()) if (older) count('older', node);
  if (faults.network.dialFailures > 0) {
    clock.timer(options.untilMs, network.trouble({ failsDial: dialFailures(swarm.seed, faults.network.dialFailures, count) }));
  }
  return counts;
}

const noFaults: FaultCounts = Object.fromEntries(faultKinds.map((kind) => [kind, 0])) as Record<FaultKind, number>;

function dialFailures(seed: string, share: number, count: (kind: FaultKind, node: string, other: string) => void) {
  const random = seededRandom(`${seed}/dials`);
  return (from: string, to: string): string | undefined => {
    if (fraction(random) >= share) return undefined;
    count('dialFailure', from, to);
    return 'no way through';
  };
}

function strikesOf({
  swarm,
  machines,
  faults: { network: net, disk, peers },
  count,
}: {
  swarm: SimulatedSwarm;
  machines: Machines;
  faults: Faults;
  count: (kind: FaultKind, node: string, other?: string) => void;
}): Record<StrikingKind, Strike> {
  const { clock, network } = swarm;
  const outages = new Set<string>();
  const only = (machine: Machine): ReadonlySet<string> => new Set([machine.node]);
  const others = (machine: Machine): readonly Machine[] => machines.up().filter((other) => other !== machine);

  /** Dies in the middle of its next write, if one comes in time. */
  const dieWriting =
    (tearable: boolean): Strike =>
    (machine, random, lastsMs) => {
      const { last } = machine;
      const forget = last.device.onWrite(tearable, () =>
        clock.timer(0, () => {
          if (machine.life !== last) return;
          const first = (list: readonly boolean[]): number => (tearable ? Math.max(0, list.indexOf(true)) : below(list.length + 1, random));
          const crashed = machines.crash(machine, lastsMs(peers.downMs), first);
          if (crashed.torn > 0) count('torn', machine.node);
          if (crashed.lost > 0) count('lostUnsynced', machine.node);
        }),
      );
      clock.timer(lastsMs(peers.downMs), forget);
    };

  return {
    break({ node }, random) {
      const linked = [...network.openLinks().keys()].filter((pair) => pair.includes(node));
      if (linked.length === 0) return;
      const [a, b] = linked[below(linked.length, random)]!.split(' ') as [string, string];
      network.cut(a, b);
      count('break', a, b);
    },
    partition(machine, random, lastsMs) {
      const sides = [new Set([machine.node]), new Set<string>()] as const;
      for (const { node } of machines.all()) if (node !== machine.node) sides[below(2, random) as 0 | 1].add(node);
      const isOneWay = fraction(random) < net.oneWayShare;
      const ms = lastsMs(net.partitionMs);
      clock.timer(ms, network.trouble({ from: sides[0], to: sides[1], blocked: true }));
      if (!isOneWay) clock.timer(ms, network.trouble({ from: sides[1], to: sides[0], blocked: true }));
      count(isOneWay ? 'oneWay' : 'partition', machine.node);
    },
    clog(machine, _random, lastsMs) {
      clock.timer(lastsMs(net.clogMs), network.trouble({ from: only(machine), bytesPerSecond: net.clogBytesPerSecond }));
      count('clog', machine.node);
    },
    stall(machine, random, lastsMs) {
      const reached = others(machine);
      if (reached.length === 0) return;
      const other = reached[below(reached.length, random)]!;
      clock.timer(lastsMs(net.stallMs), network.trouble({ from: only(machine), to: only(other), blocked: true }));
      count('stall', other.node, machine.node);
    },
    signalingOutage({ node }, _random, lastsMs) {
      if (outages.has(node)) return;
      outages.add(node);
      network.setSignaling(false, node);
      clock.timer(lastsMs(net.outageMs), () => {
        outages.delete(node);
        network.setSignaling(true, node);
      });
      count('signalingOutage', node);
    },
    lostUnsynced: dieWriting(false),
    torn: dieWriting(true),
    rot(machine, random) {
      if (rotShard(machine.last.disk, random)) count('rot', machine.node);
    },
    full(machine, _random, lastsMs) {
      machines.fill(machine, lastsMs(disk.fullMs));
      count('full', machine.node);
    },
    wiped(machine, _random, lastsMs) {
      machines.wipe(machine, lastsMs(peers.downMs));
      count('wiped', machine.node);
    },
    crash(machine, random, lastsMs) {
      machines.crash(machine, lastsMs(peers.downMs), (list) => below(list.length + 1, random));
      count('crash', machine.node);
    },
    leave(machine, _random, lastsMs) {
      machines.leave(machine, lastsMs(peers.downMs));
      count('leave', machine.node);
    },
    freeze(machine, _random, lastsMs) {
      machines.freeze(machine, lastsMs(peers.freezeMs));
      count('freeze', machine.node);
    },
    skew(machine, random) {
      machines.skew(machine, Math.round(peers.skewMs * (2 * fraction(random) - 1)));
      count('skew', machine.node);
    },
  };
}
