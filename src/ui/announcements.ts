import type { FileView, Snapshot } from '../app/state.ts';
import { shortId } from '../figures/format.ts';
import { fileMark, isMarked, receiveMark } from './status.ts';
import { strings } from './strings.ts';

/** What a person who does not see the page is told between two snapshots: changes of state, never figures. */
export function announcements(before: Snapshot | undefined, after: Snapshot | undefined): readonly string[] {
  if (before === undefined || after === undefined) return [];
  return [...ofFiles(before, after), ...ofReceives(before, after), ...ofSwarm(before, after)];
}

function ofFiles(before: Snapshot, after: Snapshot): string[] {
  const words = new Map(before.files.map((file) => [file.id, wordOf(file)]));
  return after.files.filter((file) => wordOf(file) !== words.get(file.id)).map(wordOf);
}

/** How it is, or its next version. */
function wordOf(file: FileView): string {
  const { name, version, replacing } = file;
  if (replacing === undefined) return strings.announce.file(strings.versions.named(name, version), fileMark(file).word);
  return strings.announce.file(strings.versions.named(name, replacing.version), strings.fileStates[replacing.state]);
}

function ofReceives(before: Snapshot, after: Snapshot): string[] {
  const words = new Map(before.receives.map((receive) => [receive.id, receiveMark(receive).word]));
  return after.receives
    .filter((receive) => receiveMark(receive).word !== words.get(receive.id))
    .map((receive) => strings.announce.file(receive.name ?? strings.receive.unnamed, receiveMark(receive).word));
}

function ofSwarm(before: Snapshot, after: Snapshot): string[] {
  const told: string[] = [];
  if (before.self.signaling !== after.self.signaling) {
    told.push(strings.announce.signaling(strings.signalingStates[after.self.signaling]));
  }
  const known = new Set(before.peers.filter(isMarked).map((peer) => peer.node));
  for (const peer of after.peers) {
    if (isMarked(peer) && !known.has(peer.node)) told.push(strings.announce.marked(shortId(peer.node)));
  }
  return told;
}
