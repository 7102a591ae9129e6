import type { FileView, ReceiveView, Snapshot } from '../app/state.ts';
import { formatPercent } from './format.ts';
import { fileMark } from './status.ts';
import { strings } from './strings.ts';
import { downloadShare, isUploading, uploadShare } from './transfers.ts';

const pages: ReadonlyMap<string, string> = new Map([
  ['files', strings.nav.files],
  ['r', strings.nav.receive],
  ['contribute', strings.nav.contribute],
  ['swarm', strings.nav.swarm],
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
  return name === undefined ? strings.app : strings.title.page(name);
}

function ofFile(file: FileView): string {
  const share = file.state === 'spreading' ? uploadShare(file) : undefined;
  // The title says the state, "Stored", even where the page shows the health of what is stored.
  const word = share === undefined ? strings.fileStates[file.state] : formatPercent(share);
  const troubled = file.state === 'stored' && file.health !== 'Safe' && file.health !== 'Thin';
  return strings.title.of(troubled ? fileMark(file).word : word, file.name);
}

function ofReceive(receive: ReceiveView, name: string): string {
  const share = receive.state === 'downloading' ? downloadShare(receive) : undefined;
  return strings.title.of(share === undefined ? strings.receiveStates[receive.state] : formatPercent(share), name);
}
