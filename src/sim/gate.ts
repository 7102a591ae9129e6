import type { Dialer, Link, LinkEvents, Signaling } from '../peer/ports.ts';
import type { PeerClock } from './peer-clock.ts';

interface NetworkPorts {
  readonly signaling: Signaling;
  readonly dialer: Dialer;
}

/**
 * The network as the process of one peer sees it: what comes waits while the process is frozen, and once it is dead nothing of it leaves or
 * reaches it, as when a machine is cut off. Signaling alone sees its socket close.
 */
export function gated({ signaling, dialer }: NetworkPorts, clock: PeerClock): NetworkPorts & { kill(): void } {
  const enter = (run: () => void): void => clock.enter(run);
  const leave = (run: () => void): void => void (clock.isDead || run());

  return {
    signaling: {
      start: (events) =>
        signaling.start({
          state: (...said) => enter(() => events.state(...said)),
          peers: (peers) => enter(() => events.peers(peers)),
          joined: (peer) => enter(() => events.joined(peer)),
          left: (node) => enter(() => events.left(node)),
          knock: (from) => enter(() => events.knock(from)),
          signal: (from, data) => enter(() => events.signal(from, data)),
        }),
      knock: (to) => leave(() => signaling.knock(to)),
      signal: (to, data) => leave(() => signaling.signal(to, data)),
      stop: () => leave(() => signaling.stop()),
    },
    dialer: {
      dial: (node, initiator, events) =>
        dialer.dial(node, initiator, {
          signal: (data) => enter(() => events.signal(data)),
          link: (link) => enter(() => events.link(new GatedLink(link, clock))),
          failed: (reason) => enter(() => events.failed(reason)),
        }),
    },
    kill() {
      signaling.stop();
      clock.end();
    },
  };
}

/** A link as that process sees it. */
class GatedLink implements Link {
  readonly fingerprints: Link['fingerprints'];
  readonly #link: Link;
  readonly #clock: PeerClock;

  constructor(link: Link, clock: PeerClock) {
    this.fingerprints = link.fingerprints;
    this.#link = link;
    this.#clock = clock;
  }

  get bufferedAmount(): number {
    return this.#link.bufferedAmount;
  }

  listen(events: LinkEvents): void {
    const clock = this.#clock;
    this.#link.listen({
      // Frames are nearly all that there is: no closure for each.
      frame: (frame) => (clock.isOpen ? events.frame(frame) : clock.enter(() => events.frame(frame))),
      drained: () => clock.enter(() => events.drained()),
      closed: (bye) => clock.enter(() => events.closed(bye)),
    });
  }

  send(frame: Uint8Array): void {
    if (!this.#clock.isDead) this.#link.send(frame);
  }

  close(): void {
    if (!this.#clock.isDead) this.#link.close();
  }
}
