import type { Dialer, Dialing, Link, SignalData } from '../../peer/ports.ts';
import type { Intercept } from './signaling.ts';

/** What the relay saw and did. */
export interface Relay {
  readonly intercept: Intercept;
  /** Frames copied from one side to the other. */
  readonly copied: readonly Uint8Array[];
}

/**
 * The man in the middle: a signaling server that answers every offer itself, dials the other side itself, and copies all frames between
 * the two links. Nothing that a channel shows tells it from the peer meant, but for the certificates (SPEC HAND-5).
 */
export function relayBetween(dialer: Dialer, deliver: (from: string, to: string, data: SignalData) => void): Relay {
  const dialings = new Map<string, Dialing>();
  const links = new Map<string, Link>();
  const early = new Map<string, Uint8Array[]>();
  const copied: Uint8Array[] = [];

  /** Our end of a negotiation in which we pass for `as` towards `to`. */
  function dial(as: string, to: string, initiator: boolean): Dialing {
    const key = `${as}>${to}`;
    const back = `${to}>${as}`;
    const dialing = dialer.dial(to, initiator, {
      signal: (data) => deliver(as, to, data),
      link(link) {
        links.set(key, link);
        for (const frame of early.get(key) ?? []) link.send(frame);
        link.listen({
          frame(frame) {
            copied.push(frame);
            const other = links.get(back);
            if (other === undefined) early.set(back, [...(early.get(back) ?? []), frame]);
            else other.send(frame);
          },
          drained() {},
          closed: () => links.get(back)?.close(),
        });
      },
      failed() {},
    });
    dialings.set(key, dialing);
    return dialing;
  }

  return {
    copied,
    intercept(from, to, data) {
      if (data.type === 'offer') {
        dial(to, from, false).signal(data);
        dial(from, to, true);
      } else {
        dialings.get(`${to}>${from}`)?.signal(data);
      }
      return undefined;
    },
  };
}
