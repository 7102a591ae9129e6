import { ShoalError } from '../src/core/errors.ts';
import type { ClientMessageKind } from '../src/core/wire/signaling.ts';
import type { Now } from '../src/core/wire/token-level.ts';
import { keyedBuckets, keyedCounts, tokenBucket } from './limits.ts';
import type { Limits } from './limits-config.ts';

/** What one admitted socket may still send. */
export interface SocketBudget {
  /** Takes one message of a kind from the socket's and from its network prefix's allowance. */
  take(kind: ClientMessageKind): boolean;
  /** Counts one refused message. False: it was one too many. */
  offence(): boolean;
  /** Gives the socket's place back. Call once. */
  release(): void;
}

/** Decides which sockets are let in and how much each may send. Network prefixes live only here, in memory, and never leave it. */
export interface Admission {
  /** A place for one more socket of a network prefix. Throws `busy`. */
  admit(prefix: string): SocketBudget;
  /** Forgets what has no effect any more. */
  sweep(): void;
}

export function createAdmission(limits: Limits, now: Now): Admission {
  const connects = keyedBuckets(limits.prefix.connect, now, limits.prefixesMax);
  const byKind = perKind((kind) => keyedBuckets(limits.prefix[kind], now, limits.prefixesMax));
  const perPrefix = keyedCounts();
  let sockets = 0;

  function requireRoom(prefix: string): void {
    if (!connects.take(prefix)) throw new ShoalError('busy', 'too many connections from your network in a short time');
    if (sockets >= limits.socketsMax) throw new ShoalError('busy', 'this server has no room for another peer');
    if (!perPrefix.add(prefix, limits.socketsPerPrefixMax)) throw new ShoalError('busy', 'too many connections from your network');
    sockets += 1;
  }

  return {
    admit(prefix) {
      requireRoom(prefix);
      const own = perKind((kind) => tokenBucket(limits.socket[kind], now));
      const offences = tokenBucket(limits.offences, now);
      return {
        take: (kind) => own[kind].take() && byKind[kind].take(prefix),
        offence: () => offences.take(),
        release() {
          sockets -= 1;
          perPrefix.remove(prefix);
        },
      };
    },
    sweep() {
      for (const buckets of [connects, ...Object.values(byKind)]) buckets.sweep();
    },
  };
}

function perKind<T>(make: (kind: ClientMessageKind) => T): Readonly<Record<ClientMessageKind, T>> {
  return { join: make('join'), knock: make('knock'), signal: make('signal'), alive: make('alive'), leave: make('leave') };
}
