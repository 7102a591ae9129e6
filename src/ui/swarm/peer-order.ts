import type { PeerView } from '../../app/state.ts';

/** Rows of the table at first, and how many more each request shows. */
export const rowsStep = 50;

const stateOrder: readonly PeerView['state'][] = ['live', 'suspect', 'connecting', 'away'];

/** Live ones first, linked ones before those known through others, then by id, so that no row moves without a reason. */
export function tableOrder(peers: readonly PeerView[]): readonly PeerView[] {
  return peers.toSorted(
    (a, b) =>
      stateOrder.indexOf(a.state) - stateOrder.indexOf(b.state) || Number(b.linked) - Number(a.linked) || (a.node < b.node ? -1 : 1),
  );
}

/** The peers to show: the first `count`, and one further down that was asked for. */
export function tableRows(ordered: readonly PeerView[], count: number, wanted: string | undefined): readonly PeerView[] {
  const first = ordered.slice(0, count);
  const further = wanted === undefined ? undefined : ordered.slice(count).find(({ node }) => node === wanted);
  return further === undefined ? first : [...first, further];
}
