import type { Clock, Introduction, SignalData, Signaling, SignalingEvents } from '../../peer/ports.ts';

/** What the server in between may do to a negotiation: return other data, or nothing to swallow it. */
export type Intercept = (from: string, to: string, data: SignalData) => SignalData | undefined;

/** A simulated signaling server. */
export interface MemorySignaling {
  /** The client of one peer. */
  client(peer: Introduction): Signaling;
  /** Takes the server away, or brings it back, for everyone or for one peer; clients rejoin by themselves. */
  setUp(up: boolean, node?: string): void;
  /** Hands `data` to `to` as if `from` had sent it: what a hostile server can do. */
  deliver(from: string, to: string, data: SignalData): void;
}

/** Clients joined, by NodeId. Messages take `latencyMs` each way in total and keep their order. */
export function memorySignaling(clock: Clock, latencyMs: number, intercept: Intercept): MemorySignaling {
  const joined = new Map<string, { readonly peer: Introduction; readonly events: SignalingEvents }>();
  const clients = new Set<{ readonly node: string; join(): void; lose(): void }>();
  /** Those that cannot reach it. */
  const cutOff = new Set<string>();
  let up = true;

  /** Tells one client something after the latency, if it is still the one that was joined. */
  function tell(to: string, run: (events: SignalingEvents) => void): void {
    const client = joined.get(to);
    if (client === undefined) return;
    clock.timer(latencyMs, () => {
      if (joined.get(to) === client) run(client.events);
    });
  }

  function tellOthers(node: string, run: (events: SignalingEvents) => void): void {
    for (const other of joined.keys()) if (other !== node) tell(other, run);
  }

  function client(peer: Introduction): Signaling {
    let events: SignalingEvents | undefined;
    const state = {
      node: peer.node,
      join(): void {
        if (events === undefined) return;
        events.state('connecting');
        if (!up || cutOff.has(peer.node)) return;
        tellOthers(peer.node, (other) => other.joined(peer));
        joined.set(peer.node, { peer, events });
        const others = [...joined.values()].map((entry) => entry.peer).filter((entry) => entry.node !== peer.node);
        tell(peer.node, (own) => {
          own.state('joined');
          own.peers(others);
        });
      },
      lose(): void {
        const wasJoined = joined.delete(peer.node);
        if (up && wasJoined) tellOthers(peer.node, (other) => other.left(peer.node));
        events?.state('lost');
      },
    };
    clients.add(state);
    return {
      start(told) {
        events = told;
        state.join();
      },
      knock: (to) => joined.has(peer.node) && tell(to, (other) => other.knock(peer.node)),
      signal(to, data) {
        const passed = joined.has(peer.node) ? intercept(peer.node, to, data) : undefined;
        if (passed !== undefined) tell(to, (other) => other.signal(peer.node, passed));
      },
      stop() {
        clients.delete(state);
        // A later life of the same peer may have joined meanwhile.
        if (joined.get(peer.node)?.events !== events || !joined.delete(peer.node)) return;
        tellOthers(peer.node, (other) => other.left(peer.node));
      },
    };
  }

  return {
    client,
    setUp(nowUp, node) {
      if (nowUp === (node === undefined ? up : !cutOff.has(node))) return;
      if (node === undefined) up = nowUp;
      else if (nowUp) cutOff.delete(node);
      else cutOff.add(node);
      for (const each of clients) {
        if (node !== undefined && each.node !== node) continue;
        if (nowUp) each.join();
        else each.lose();
      }
    },
    deliver: (from, to, data) => tell(to, (events) => events.signal(from, data)),
  };
}
