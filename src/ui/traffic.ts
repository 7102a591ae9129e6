import type { PeerView } from '../app/state.ts';

/** Rates are of the last so many ms. */
export const windowMs = 2000;
/** A peer that moved less in the window only talks (heartbeats, records): it has no flow. */
const flowBytesMin = 16_384;

interface Step {
  readonly ms: number;
  readonly node: string;
  readonly up: number;
  readonly down: number;
}

/** What went over the links lately, seen by the differences between snapshots. */
export interface Traffic {
  /** Bytes sent and received per linked peer when last seen. */
  readonly seen: ReadonlyMap<string, { readonly sent: number; readonly received: number }>;
  /** Oldest first, none older than the window. */
  readonly steps: readonly Step[];
}

/** A transfer with one peer, bytes a second. */
export interface Flow {
  readonly node: string;
  readonly up: number;
  readonly down: number;
}

export const noTraffic: Traffic = { seen: new Map(), steps: [] };

type Counted = Pick<PeerView, 'node' | 'linked' | 'sent' | 'received'>;

/** The traffic after these peers were seen at `nowMs`. A new link begins to count where it is first seen. */
export function afterSnapshot(before: Traffic, peers: readonly Counted[], nowMs: number): Traffic {
  const linked = peers.filter((peer) => peer.linked);
  const steps = linked.flatMap(({ node, sent, received }): Step[] => {
    const old = before.seen.get(node);
    if (old === undefined) return [];
    // Counters that went back belong to a new link with the same peer.
    const again = sent < old.sent || received < old.received;
    const up = again ? sent : sent - old.sent;
    const down = again ? received : received - old.received;
    return up === 0 && down === 0 ? [] : [{ ms: nowMs, node, up, down }];
  });
  const seen = new Map(linked.map(({ node, sent, received }) => [node, { sent, received }]));
  return { seen, steps: [...recent(before.steps, nowMs), ...steps] };
}

/** The same traffic later, without a new snapshot: what is older than the window no longer counts. */
export function settled(traffic: Traffic, nowMs: number): Traffic {
  const steps = recent(traffic.steps, nowMs);
  return steps.length === traffic.steps.length ? traffic : { ...traffic, steps };
}

/** Bytes a second over all links. */
export function totalRate({ steps }: Traffic): { readonly up: number; readonly down: number } {
  const sum = (key: 'up' | 'down'): number => (steps.reduce((bytes, step) => bytes + step[key], 0) * 1000) / windowMs;
  return { up: sum('up'), down: sum('down') };
}

/** The transfers under way: one for each peer that moved more than talk. */
export function flowsOf({ steps }: Traffic): readonly Flow[] {
  const sums = new Map<string, { up: number; down: number }>();
  for (const { node, up, down } of steps) {
    const sum = sums.get(node) ?? { up: 0, down: 0 };
    sums.set(node, { up: sum.up + up, down: sum.down + down });
  }
  const rate = (bytes: number): number => (bytes < flowBytesMin ? 0 : (bytes * 1000) / windowMs);
  return [...sums].flatMap(([node, sum]) => {
    const flow = { node, up: rate(sum.up), down: rate(sum.down) };
    return flow.up === 0 && flow.down === 0 ? [] : [flow];
  });
}

function recent(steps: readonly Step[], nowMs: number): readonly Step[] {
  const first = steps.findIndex(({ ms }) => nowMs - ms < windowMs);
  return first === -1 ? [] : first === 0 ? steps : steps.slice(first);
}
