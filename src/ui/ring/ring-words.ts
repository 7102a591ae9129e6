import type { PeerView } from '../../app/state.ts';
import { formatBytes, shortId } from '../../figures/format.ts';
import { isMarked } from '../status.ts';
import { strings } from '../strings.ts';
import type { Cell } from './cells.ts';
import { scarMs } from './motion.ts';
import { movingCounts, type Picture } from './picture.ts';

const states: readonly PeerView['state'][] = ['live', 'suspect', 'connecting', 'away'];

/** What the ring shows, in a few sentences: states and transfers as counts, never bytes, so that it changes seldom (RING-9). */
export function ringSummary(peers: readonly PeerView[], picture: Picture): string {
  const words = strings.ring;
  const counts = stateCounts(peers);
  const { up, down } = movingCounts(picture);
  const left = picture.motion.scars.filter(({ leftMs }) => picture.nowMs - leftMs < scarMs).length;
  const marked = peers.filter(isMarked).length;
  return [
    peers.length === 0 ? words.none : words.peers(peers.length, counts),
    ...(marked > 0 ? [words.marked(marked)] : []),
    ...(up > 0 ? [words.sending(up)] : []),
    ...(down > 0 ? [words.receiving(down)] : []),
    ...(up === 0 && down === 0 && peers.length > 0 ? [words.still] : []),
    ...(left > 0 ? [words.left(left)] : []),
  ].join(' ');
}

/** One cell in words: what walking the ring says of it. */
export function cellWords({ peers, marked }: Cell): string {
  const words = strings.ring;
  const sum = (of: (peer: PeerView) => number): number => peers.reduce((all, peer) => all + of(peer), 0);
  const capacity = sum((peer) => peer.capacity);
  const [one] = peers;
  const alone = peers.length === 1 && one !== undefined;
  const parts = [
    alone ? words.peer(shortId(one.node)) : words.sector(peers.length),
    ...(alone ? [strings.peerStates[one.state]] : stateCounts(peers)),
    ...(marked ? [alone ? strings.swarm.marked([...new Set(one.verdicts)].join(', ')) : words.marked(peers.filter(isMarked).length)] : []),
    ...(alone && !one.linked ? [strings.swarm.unlinked] : []),
    capacity === 0 ? words.lendsNothing : words.lends(formatBytes(capacity), formatBytes(sum((peer) => peer.used))),
    words.traffic(formatBytes(sum((peer) => peer.sent)), formatBytes(sum((peer) => peer.received))),
    ...(alone && one.domain !== undefined ? [words.domain(domainName(one.domain))] : []),
  ];
  return parts.join(', ');
}

/** A failure domain as its operator called it, or the beginning of the hash that signaling made of the network. */
export function domainName(domain: string): string {
  return domain.startsWith('label:') ? domain.slice('label:'.length) : shortId(domain);
}

function stateCounts(peers: readonly PeerView[]): readonly string[] {
  return states.flatMap((state) => {
    const count = peers.filter((peer) => peer.state === state).length;
    return count === 0 ? [] : [strings.ring.stateCount(count, strings.peerStates[state])];
  });
}

/**
 * Where an arrow key leads from a cell: right and down clockwise, left and up against it, Home and End to the ends; undefined for
 * another key (RING-10).
 */
export function walkTo(cells: readonly Pick<Cell, 'key'>[], from: string | undefined, key: string): string | undefined {
  const count = cells.length;
  if (count === 0) return undefined;
  const at = cells.findIndex((cell) => cell.key === from);
  const goal: Readonly<Record<string, number>> = {
    ArrowRight: (at + 1) % count,
    ArrowDown: (at + 1) % count,
    ArrowLeft: (Math.max(at, 0) + count - 1) % count,
    ArrowUp: (Math.max(at, 0) + count - 1) % count,
    Home: 0,
    End: count - 1,
  };
  const index = Object.hasOwn(goal, key) ? goal[key] : undefined;
  return index === undefined ? undefined : cells[index]?.key;
}
