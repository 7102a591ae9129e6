import type { PageState } from '../app/state.ts';
import { eventWords } from './event-words.ts';

/** Kinds of events whose words name no file. */
const harmlessKinds = new Set(['peer', 'signaling', 'verdict']);

/**
 * The page's state as text to paste into a report. Holds no key, no link, no address and no file name: own files and links stand
 * there as states and sizes only.
 */
export function diagnostics(state: PageState, userAgent: string, error?: Error): string {
  const { snapshot } = state;
  const lines = [
    `phase ${state.phase}`,
    `browser ${userAgent}`,
    ...(state.failure === undefined ? [] : [`failure ${state.failure}`]),
    ...(error === undefined ? [] : [`error ${error.name}: ${error.message}`]),
  ];
  if (snapshot === undefined) return lines.join('\n');
  const { self } = snapshot;
  lines.push(
    `node ${self.node}`,
    `signaling ${self.signaling}`,
    `lends ${self.contributing} capacity ${self.capacity} used ${self.used} reserved ${self.reserved} shards ${self.shards}`,
    ...snapshot.peers.map((peer) => `peer ${peer.node} ${peer.state} sent ${peer.sent} received ${peer.received}`),
    ...snapshot.files.map(
      (file) =>
        `file ${file.size} ${file.state} ${file.health} ${file.k}+${file.m} ${file.bytesStored}/${file.bytesTotal} ${file.error ?? ''}`,
    ),
    ...snapshot.receives.map(
      (one) => `receive ${one.size ?? '?'} ${one.state} ${one.shardsFound}/${one.n} ${one.bytesDone} ${one.error ?? ''}`,
    ),
    ...snapshot.events
      .filter((event) => harmlessKinds.has(event.kind))
      .map((event) => `${new Date(event.ms).toISOString()} ${event.kind} ${eventWords(event)}`),
  );
  return lines.map((line) => line.trimEnd()).join('\n');
}
