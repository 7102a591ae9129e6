import type { FileView, ReceiveView, Snapshot, UploadView } from '../app/state.ts';
import { formatPercent } from '../figures/format.ts';
import { fileMark } from './status.ts';
import { strings } from './strings.ts';
import { downloadShare, isDownloading, isLeavingHarmful, isMoving, isUploading, uploadShare } from './transfers.ts';

const pages: ReadonlyMap<string, string> = new Map([
  ['files', strings.nav.files],
  ['r', strings.nav.receive],
  ['contribute', strings.nav.contribute],
  ['swarm', strings.nav.swarm],
  ['activity', strings.nav.activity],
  ['settings', strings.nav.settings],
]);

/**
 * The tab's title (SPEC UI-5): what moves; else that leaving would hurt; else what the page is about. Of several that do the same the
 * opened one comes first, then the newest.
 *
 * @param route path of the hash route
 * @param receiveId the link opened in this tab, if any
 */
export function pageTitle(route: string, snapshot: Snapshot | undefined, receiveId: string | undefined): string {
  const [page = '', id] = route.split('/').filter((part) => part !== '');
  const { files = [], receives = [] } = snapshot ?? {};
  const file = page === 'files' && id !== undefined ? files.find((one) => one.id === id) : undefined;
  const receive = page === 'r' ? receives.find((one) => one.id === receiveId) : undefined;

  const uploads = openedFirst(file, files)
    .map((one) => one.replacing ?? one)
    .filter(isUploading)
    .map(ofUpload);
  const downloads = openedFirst(receive, receives).filter(isDownloading).map(ofDownload);
  const transfers = page === 'r' ? [...downloads, ...uploads] : [...uploads, ...downloads];
  const [first] = transfers.toSorted((a, b) => a.order - b.order);
  if (first !== undefined) return strings.title.of(first.word, first.name);

  const name = pages.get(page);
  if (isLeavingHarmful(snapshot)) return strings.title.of(strings.title.keepOpen, name ?? strings.app);
  if (receive?.name !== undefined) return strings.title.of(strings.receiveStates[receive.state], receive.name);
  const told = file ?? (page === '' ? files[0] : undefined);
  if (told !== undefined) return strings.title.of(fileMark(told).word, told.name);
  return name === undefined ? strings.app : strings.title.page(name);
}

/** Whether two titles tell the same but for the share. */
export function isSameTitle(a: string, b: string): boolean {
  return a.replace(/^\d+/, '') === b.replace(/^\d+/, '');
}

const openedFirst = <T>(opened: T | undefined, all: readonly T[]): readonly T[] => (opened === undefined ? all : [opened, ...all]);

/** A transfer in the title. `order`: 0 moves, 1 is being made ready, 2 waits. */
interface Told {
  readonly order: 0 | 1 | 2;
  readonly word: string;
  readonly name: string;
}

function ofUpload(upload: UploadView): Told {
  const { name, state } = upload;
  if (state === 'sealing') return { order: 1, word: strings.fileStates.sealing, name };
  if (state !== 'spreading') return { order: 2, word: strings.title.keepOpen, name };
  return { order: 0, word: formatPercent(uploadShare(upload) ?? 0), name };
}

function ofDownload(receive: ReceiveView): Told {
  const { name = strings.receive.unnamed, state } = receive;
  if (state === 'waiting') return { order: 2, word: strings.title.keepOpen, name };
  return { order: 0, word: formatPercent(downloadShare(receive) ?? 0), name };
}

const troubled: ReadonlySet<FileView['health']> = new Set(['At risk', 'Waiting', 'Lost']);

/** The tab's icon, a file of `public/`: something moves; this tab is needed; a file is in trouble; all files are safe; nothing to say. */
export function tabIcon(snapshot: Snapshot | undefined): string {
  if (snapshot === undefined) return '/icon.svg';
  if (isMoving(snapshot)) return '/icon-moving.svg';
  if (isLeavingHarmful(snapshot)) return '/icon-keep-open.svg';
  const stored = snapshot.files.filter(({ state }) => state === 'stored');
  if (stored.some(({ health }) => troubled.has(health))) return '/icon-at-risk.svg';
  return stored.length > 0 && stored.every(({ health }) => health === 'Safe') ? '/icon-safe.svg' : '/icon.svg';
}
