import { sha256 } from '../../core/crypto/hash.ts';
import { toHex, toUtf8 } from '../../core/bytes/text.ts';
import type { DialEvents, Dialer, Dialing, SignalData } from '../../peer/ports.ts';
import { linkPair } from './link.ts';
import type { Channel, LinkPair } from './link.ts';

/** The negotiations under way in one simulated network. */
export interface Negotiations {
  readonly channel: Channel;
  /** By the number that stands in their descriptions. */
  readonly ends: Map<number, End>;
  /** The number of the next one. */
  next(): number;
  /** Told of every link that opens, and that it is over. */
  opened(pair: LinkPair, a: string, b: string): void;
  over(pair: LinkPair): void;
  /** A reason why this dial fails before it opens, for fault tests. */
  fails(from: string, to: string): string | undefined;
}

interface End {
  readonly number: number;
  readonly name: string;
  readonly fingerprint: string;
  readonly events: DialEvents;
  pair?: LinkPair;
  side: 0 | 1;
}

/** A fingerprint as DTLS shows it, made up from a text. */
export function fingerprintOf(text: string): string {
  return toHex(sha256(toUtf8(text)))
    .toUpperCase()
    .replace(/..(?!$)/g, '$&:');
}

/**
 * A Dialer whose offers and answers hold a number and the fingerprint of their maker. As with WebRTC, whoever answers an offer gets
 * the link, so a relay between two peers can end both; only its fingerprints give it away.
 */
export function memoryDialer(network: Negotiations, name: string, fingerprint: string): Dialer {
  return {
    dial(node, initiator, events): Dialing {
      const { clock } = network.channel;
      const number = network.next();
      const self: End = { number, name, fingerprint, events, side: initiator ? 0 : 1 };
      network.ends.set(number, self);
      let over = false;
      const tell = (ms: number, run: () => void): void => void clock.timer(ms, () => over || run());
      const end = (): void => {
        over = true;
        network.ends.delete(number);
      };
      const fail = (reason: string): void => {
        if (over) return;
        end();
        events.failed(reason);
      };
      const describe = (type: 'offer' | 'answer'): void => {
        events.signal({ type, sdp: `memory ${number}\r\na=fingerprint:sha-256 ${fingerprint}\r\n` });
        events.signal({ type: 'candidate', candidate: `memory ${number}`, sdpMid: '0', sdpMLineIndex: 0 });
      };
      if (initiator) {
        tell(0, () => {
          const reason = network.fails(name, node);
          if (reason === undefined) describe('offer');
          else fail(reason);
        });
      }

      return {
        signal(data) {
          if (over || self.pair !== undefined || data.type === 'candidate') return;
          const other = described(network, data);
          if (other === undefined)
            return tell(network.channel.path(name, node).delayMs(), () => fail('nobody with this certificate answers'));
          if (initiator && data.type === 'answer') open(network, self, other);
          else if (!initiator && data.type === 'offer') tell(0, () => describe('answer'));
        },
        close() {
          end();
          self.pair?.links[self.side].close();
        },
      };
    },
  };
}

/** The end that made a description, unless the fingerprint in it is not its own. */
function described(network: Negotiations, data: SignalData): End | undefined {
  if (data.type === 'candidate') return undefined;
  const match = /^memory (\d+)\r\na=fingerprint:sha-256 ([0-9A-F:]+)\r\n$/.exec(data.sdp);
  const end = match === null ? undefined : network.ends.get(Number(match[1]));
  return end?.fingerprint === match?.[2] ? end : undefined;
}

/** Opens the channel, unless nothing gets through: then the dial goes on in vain. */
function open(network: Negotiations, initiator: End, responder: End): void {
  const { clock } = network.channel;
  const paths = [network.channel.path(initiator.name, responder.name), network.channel.path(responder.name, initiator.name)] as const;
  if (paths.some((path) => path.isBlocked())) return;
  const pair = linkPair(network.channel, initiator, responder, () => network.over(pair));
  for (const end of [initiator, responder]) {
    end.pair = pair;
    network.ends.delete(end.number);
  }
  network.opened(pair, initiator.name, responder.name);
  const delayMs = Math.max(...paths.map((path) => path.delayMs()));
  clock.timer(delayMs, () => initiator.events.link(pair.links[0]));
  clock.timer(delayMs, () => responder.events.link(pair.links[1]));
}
