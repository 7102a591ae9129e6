import type { SelfView, Snapshot } from '../app/state.ts';
import { strings } from './strings.ts';
import { areOnOneMachine, livePeers } from './transfers.ts';

/** Signaling let this peer go for another one with its key: it is not tried again (SGC-2), so no time of a next try is told (SGC-3). */
export function isReplaced({ signaling, signalingRetryMs }: Pick<SelfView, 'signaling' | 'signalingRetryMs'>): boolean {
  return signaling === 'lost' && signalingRetryMs === undefined;
}

/** What the number of peers means for a person about to drop a file; `alone`: opening another peer would help. */
export interface PresenceWords {
  readonly text: string;
  readonly alone: boolean;
}

/** Undefined while signaling is connecting and nobody is linked: there is nothing to say yet. */
export function presenceWords(snapshot: Pick<Snapshot, 'self' | 'peers'>): PresenceWords | undefined {
  const { self, peers } = snapshot;
  const words = strings.presence;
  if (self.signaling === 'lost') return { text: isReplaced(self) ? words.replacedLong : words.lostLong, alone: false };
  const live = livePeers(snapshot);
  if (live.length > 0) {
    const text = words.lending(live.length, live.filter(({ capacity }) => capacity > 0).length);
    return { text: areOnOneMachine(live) ? `${text}. ${words.oneMachine}` : text, alone: false };
  }
  if (self.signaling === 'connecting') return undefined;
  return { text: peers.length === 0 ? words.first : words.unlinked(peers.length), alone: true };
}
