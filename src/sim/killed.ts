import type { Dialer, Link, Signaling } from '../peer/ports.ts';

interface NetworkPorts {
  readonly signaling: Signaling;
  readonly dialer: Dialer;
}

/**
 * The ports of a peer whose process can be killed: from then on nothing of it leaves or reaches it, and nobody is told of its links, as when
 * a machine is cut off. Signaling alone sees its socket close.
 */
export function killable({ signaling, dialer }: NetworkPorts): NetworkPorts & { kill(): void } {
  let dead = false;
  const living = (run: () => void): void => void (dead || run());

  const wrap = (link: Link): Link => ({
    fingerprints: link.fingerprints,
    get bufferedAmount() {
      return link.bufferedAmount;
    },
    listen: (events) =>
      link.listen({
        frame: (frame) => living(() => events.frame(frame)),
        drained: () => living(() => events.drained()),
        closed: (bye) => living(() => events.closed(bye)),
      }),
    send: (frame) => living(() => link.send(frame)),
    close: () => living(() => link.close()),
  });

  return {
    signaling: {
      start: (events) =>
        signaling.start({
          state: (...said) => living(() => events.state(...said)),
          peers: (peers) => living(() => events.peers(peers)),
          joined: (peer) => living(() => events.joined(peer)),
          left: (node) => living(() => events.left(node)),
          knock: (from) => living(() => events.knock(from)),
          signal: (from, data) => living(() => events.signal(from, data)),
        }),
      knock: (to) => living(() => signaling.knock(to)),
      signal: (to, data) => living(() => signaling.signal(to, data)),
      stop: () => living(() => signaling.stop()),
    },
    dialer: {
      dial: (node, initiator, events) =>
        dialer.dial(node, initiator, {
          signal: (data) => living(() => events.signal(data)),
          link: (link) => living(() => events.link(wrap(link))),
          failed: (reason) => living(() => events.failed(reason)),
        }),
    },
    kill() {
      signaling.stop();
      dead = true;
    },
  };
}
