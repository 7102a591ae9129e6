import { ShoalError } from '../../src/core/errors.ts';
import type { FileView } from '../../src/peer/snapshot.ts';
import { failureOf, type LocalFile, type PeerAccess, sentenceOf, unreachable } from '../access/access.ts';
import { quiet } from '../access/quiet.ts';

/** How long a cancelled upload may take to give back what holders had reserved for it, ms. */
const cancelMs = 5_000;

export interface PutOptions {
  /** How long nothing may move, ms. */
  readonly waitMs: number;
  readonly told: (view: FileView) => void;
  readonly signal: AbortSignal;
}

/**
 * Stores a file and gives its view once every shard is claimed. What ends before is cancelled, so that nothing of it stays. Throws
 * `not-enough-peers` when nothing moved for `waitMs`, `cancelled` on `signal`, and why an upload failed.
 */
export async function putFile(access: PeerAccess, file: LocalFile, { waitMs, told, signal }: PutOptions): Promise<FileView> {
  const id = await access.drop(file);
  const moving = quiet(waitMs, signal);
  let last: FileView | undefined;
  try {
    for await (const view of access.watchFile(id, moving.signal)) {
      last = view;
      moving.seen(`${view.state} ${view.sentence} ${view.bytesStored}`);
      told(view);
      if (view.state === 'stored') return view;
      if (view.state === 'failed' || view.state === 'cancelled') throw failureOf(view);
    }
  } finally {
    moving.end();
  }
  await cancelled(access, id);
  if (moving.fell) throw await whyNothingMoved(access, last, waitMs);
  throw new ShoalError('cancelled', `${file.name} was not stored: interrupted. Nothing of it stays.`);
}

/** Cancels and waits until it is: by then holders were told. */
async function cancelled(access: PeerAccess, id: string): Promise<void> {
  await access.cancel(id);
  for await (const { state } of access.watchFile(id, AbortSignal.timeout(cancelMs))) {
    if (state === 'cancelled' || state === 'failed') return;
  }
}

async function whyNothingMoved(access: PeerAccess, last: FileView | undefined, waitMs: number): Promise<ShoalError> {
  const waited = `for ${Math.round(waitMs / 1000)} s`;
  const { self, peers } = await access.snapshot();
  if (self.signaling !== 'joined') return unreachable(access, ` ${waited}`);
  if (!peers.some(({ state, capacity }) => state === 'live' && capacity > 0))
    return new ShoalError('not-enough-peers', `Nobody in this swarm lends storage: none came ${waited}. Start peers with \`shoal peer\`.`);
  return new ShoalError('not-enough-peers', `Nothing moved ${waited}. Last: ${last === undefined ? 'nothing' : sentenceOf(last)}.`);
}
