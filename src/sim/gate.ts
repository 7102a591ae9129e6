import type { Dialer, Link, Signaling } from '../peer/ports.ts';
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

  const wrap = (link: Link): Link => ({
    fingerprints: link.fingerprints,
    get bufferedAmount() {
      return link.bufferedAmount;
    },
    listen: (events) =>
      link.listen({
        frame: (frame) => enter(() => events.frame(frame)),
        drained: () => enter(() => events.drained()),
        closed: (bye) => enter(() => events.closed(bye)),
      }),
    send: (frame) => leave(() => link.send(frame)),
    close: () => leave(() => link.close()),
  });

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
          link: (link) => enter(() => events.link(wrap(link))),
          failed: (reason) => enter(() => events.failed(reason)),
        }),
    },
    kill() {
      signaling.stop();
      clock.end();
    },
  };
}
