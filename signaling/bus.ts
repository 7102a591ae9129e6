import type { IntroducedPeer, SignalPayload } from '../src/core/wire/signaling.ts';

/** What one peer may tell another through the server. */
export type Errand = { readonly t: 'knock' } | { readonly t: 'signal'; readonly data: SignalPayload };

/**
 * What one signaling server, `server`, tells the others that share a swarm with it. `who`: it opened the swarm and asks who is there;
 * `present` is the answer. `joined`: just now, so a socket of that key elsewhere is older.
 */
export type BusEvent = { readonly server: string } & (
  | { readonly kind: 'who' }
  | { readonly kind: 'present' | 'joined'; readonly peer: IntroducedPeer }
  | { readonly kind: 'left'; readonly node: string }
  | { readonly kind: 'errand'; readonly from: string; readonly to: string; readonly errand: Errand }
);

export type BusHandler = (event: BusEvent) => void;

/**
 * Carries events between the servers of one swarm, so that many servers can introduce its peers to each other.
 *
 * Each event reaches every handler subscribed to its swarm when it was published, the publisher's own too, in the order of publishing,
 * and never before `publish` has returned. Delivery is best effort: an implementation over a network may lose events when it is cut.
 */
export interface Bus {
  publish(swarm: string, event: BusEvent): void;
  /** The returned function ends the subscription: nothing is delivered after it returned. */
  subscribe(swarm: string, handler: BusHandler): () => void;
}

/** The bus inside one process: what a single server uses. */
export function memoryBus(): Bus {
  const swarms = new Map<string, Set<BusHandler>>();
  return {
    publish(swarm, event) {
      for (const handler of [...(swarms.get(swarm) ?? [])]) {
        queueMicrotask(() => {
          if (swarms.get(swarm)?.has(handler)) handler(event);
        });
      }
    },
    subscribe(swarm, handler) {
      // A wrapper per subscription, so that one function subscribed twice is two subscriptions.
      const own: BusHandler = (event) => handler(event);
      const handlers = swarms.get(swarm) ?? new Set();
      swarms.set(swarm, handlers.add(own));
      return () => {
        handlers.delete(own);
        if (handlers.size === 0 && swarms.get(swarm) === handlers) swarms.delete(swarm);
      };
    },
  };
}
