import type { FileView, ReceiveView, Snapshot } from '../app/state.ts';
import { formatPercent } from './format.ts';
import { fileMark } from './status.ts';
import { strings } from './strings.ts';
import { downloadShare, isLeavingHarmful, isUploading, uploadShare } from './transfers.ts';

const pages: ReadonlyMap<string, string> = new Map([
  ['files', strings.nav.files],
  ['r', strings.nav.receive],
  ['contribute', strings.nav.contribute],
  ['swarm', strings.nav.swarm],
  ['activity', strings.nav.activity],
  ['settings', strings.nav.settings],
]);

/**
 * The tab's title: what moves comes first, then what the page is about.
 *
 * @param route path of the hash route
 * @param receiveId the link opened in this tab, if any
 */
export function pageTitle(route: string, snapshot: Snapshot | undefined, receiveId: string | undefined): string {
  const [page = '', id] = route.split('/').filter((part) => part !== '');
  const receive = page === 'r' ? snapshot?.receives.find((one) => one.id === receiveId) : undefined;
  if (receive?.name !== undefined) return ofReceive(receive, receive.name);

  const files = snapshot?.files ?? [];
  const opened = page === 'files' && id !== undefined ? files.find((file) => file.id === id) : undefined;
  const file = opened ?? files.find(isUploading) ?? (page === '' ? files[0] : undefined);
  if (file !== undefined) return ofFile(file);

  const name = pages.get(page);
  if (isLeavingHarmful(snapshot)) return strings.title.of(strings.title.keepOpen, name ?? strings.app);
  return name === undefined ? strings.app : strings.title.page(name);
}

function ofFile(file: FileView): string {
  if (file.state === 'waiting') return strings.title.of(strings.title.keepOpen, file.name);
  const share = file.state === 'spreading' ? uploadShare(file) : undefined;
  return strings.title.of(share === undefined ? fileMark(file).word : formatPercent(share), file.name);
}

function ofReceive(receive: ReceiveView, name: string): string {
  const share = receive.state === 'downloading' ? downloadShare(receive) : undefined;
  return strings.title.of(share === undefined ? strings.receiveStates[receive.state] : formatPercent(share), name);
}

const troubled: ReadonlySet<FileView['health']> = new Set(['At risk', 'Waiting', 'Lost']);

/** The tab's icon, a file of `public/`: something moves; this tab is needed; a file is in trouble; all files are safe; nothing to say. */
export function tabIcon(snapshot: Snapshot | undefined): string {
  if (snapshot === undefined) return '/icon.svg';
  const { files, receives } = snapshot;
  const moves = files.some(({ state }) => state === 'sealing' || state === 'spreading');
  if (moves || receives.some(({ state }) => state === 'downloading')) return '/icon-moving.svg';
  if (isLeavingHarmful(snapshot)) return '/icon-keep-open.svg';
  const stored = files.filter(({ state }) => state === 'stored');
  if (stored.some(({ health }) => troubled.has(health))) return '/icon-at-risk.svg';
  return stored.length > 0 && stored.every(({ health }) => health === 'Safe') ? '/icon-safe.svg' : '/icon.svg';
}
