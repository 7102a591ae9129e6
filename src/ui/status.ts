import type { FileView, Health, HolderView, PeerView, ReceiveState, ReceiveView } from '../app/state.ts';
import { strings } from './strings.ts';

/** State is never colour alone: each has a shape and a word of its own. */
export type Shape = 'disc' | 'ring' | 'triangle' | 'square' | 'diamond' | 'cross' | 'arrow';
export type Tone = 'safe' | 'thin' | 'risk' | 'repairing' | 'accent' | 'muted';

export interface Mark {
  readonly word: string;
  readonly shape: Shape;
  readonly tone: Tone;
}

const healthLooks: Record<Health, readonly [Shape, Tone]> = {
  Safe: ['disc', 'safe'],
  Thin: ['ring', 'thin'],
  'At risk': ['triangle', 'risk'],
  Waiting: ['square', 'muted'],
  Lost: ['cross', 'risk'],
  Spreading: ['arrow', 'accent'],
  Repairing: ['diamond', 'repairing'],
};

/** A stored file shows its health; before and after that its state counts. */
export function fileMark(file: Pick<FileView, 'state' | 'health'>): Mark {
  const word = strings.fileStates[file.state];
  switch (file.state) {
    case 'sealing':
    case 'spreading':
      return { word, shape: 'arrow', tone: 'accent' };
    case 'queued':
    case 'waiting':
      return { word, shape: 'square', tone: 'muted' };
    case 'failed':
      return { word, shape: 'cross', tone: 'risk' };
    case 'deleting':
      return { word, shape: 'arrow', tone: 'muted' };
    case 'cancelled':
      return { word, shape: 'cross', tone: 'muted' };
    case 'stored': {
      const [shape, tone] = healthLooks[file.health];
      return { word: strings.healths[file.health], shape, tone };
    }
  }
}

const receiveLooks: Record<ReceiveState, readonly [Shape, Tone]> = {
  looking: ['arrow', 'accent'],
  waiting: ['square', 'muted'],
  ready: ['disc', 'safe'],
  downloading: ['arrow', 'accent'],
  done: ['disc', 'safe'],
  failed: ['cross', 'risk'],
};

/** A link whose file nobody has announced yet says so: there is nothing to wait for but its sender. */
export function receiveMark({
  state,
  announced,
  deleted,
  expired,
}: Pick<ReceiveView, 'state' | 'announced' | 'deleted' | 'expired'>): Mark {
  if (deleted) return { word: strings.receive.deleted, shape: 'cross', tone: 'muted' };
  if (expired) return { word: strings.receive.expired, shape: 'cross', tone: 'muted' };
  if (state === 'looking' && !announced) return { word: strings.receive.notAnnounced, shape: 'square', tone: 'muted' };
  const [shape, tone] = receiveLooks[state];
  return { word: strings.receiveStates[state], shape, tone };
}

const peerLooks: Record<PeerView['state'], readonly [Shape, Tone]> = {
  connecting: ['arrow', 'accent'],
  live: ['disc', 'safe'],
  suspect: ['ring', 'thin'],
  away: ['square', 'muted'],
};

export function peerMark(state: PeerView['state']): Mark {
  const [shape, tone] = peerLooks[state];
  return { word: strings.peerStates[state], shape, tone };
}

/** A holder whom this peer never met may be there all the same. */
export function holderMark(state: HolderView['state']): Mark {
  return state === 'unknown' ? { word: strings.file.unmet, shape: 'ring', tone: 'muted' } : peerMark(state);
}

/** A peer with a verdict against it is marked, whatever its state. */
export function isMarked(peer: PeerView): boolean {
  return peer.verdicts.length > 0;
}
