import { ShoalError } from '../../src/core/errors.ts';
import type { FileView } from '../../src/peer/snapshot.ts';
import { failureOf, fileEnded, type LocalFile, type PeerAccess, sentenceOf, unreachable } from '../access/access.ts';
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
 * Stores a file, or the next version of one, and gives its view once every shard is claimed. What ends before is cancelled, so that nothing
 * of it stays. Throws `not-enough-peers` when nothing moved for `waitMs`, `cancelled` on `signal`, and why an upload failed.
 */
export async function putFile(access: PeerAccess, file: LocalFile, { waitMs, told, signal }: PutOptions): Promise<FileView> {
  const id = await access.drop(file);
  const moving = quiet(waitMs, signal);
  let last: FileView | undefined;
  try {
    for await (const view of access.watchFile(id, moving.signal)) {
      last = view;
      const upload = view.replacing ?? view;
      moving.seen(`${upload.state} ${upload.sentence} ${upload.bytesStored}`);
      told(view);
      if (upload.state === 'failed' || upload.state === 'cancelled') {
        if (view.replacing !== undefined) await access.cancel(id);
        throw failureOf(upload);
      }
      if (fileEnded(view)) return view;
    }
  } finally {
    moving.end();
  }
  await cancelled(access, id);
  const why = moving.fell
    ? await whyNothingMoved(access, last, waitMs)
    : new ShoalError('cancelled', `${file.name} was not stored: interrupted. Nothing of it stays.`);
  throw file.replaces === undefined ? why : new ShoalError(why.code, `${why.message} The version before is as it was.`);
}

/** Cancels and waits until it is: by then holders were told. Of a version that came to nothing the file keeps no note: the command says it. */
async function cancelled(access: PeerAccess, id: string): Promise<void> {
  await access.cancel(id);
  for await (const view of access.watchFile(id, AbortSignal.timeout(cancelMs))) {
    if (!fileEnded(view)) continue;
    if (view.replacing !== undefined) await access.cancel(id);
    return;
  }
}

async function whyNothingMoved(access: PeerAccess, last: FileView | undefined, waitMs: number): Promise<ShoalError> {
  const waited = `for ${Math.round(waitMs / 1000)} s`;
  const { self, peers } = await access.snapshot();
  if (self.signaling !== 'joined') return unreachable(access, ` ${waited}`);
  if (!peers.some(({ state, capacity }) => state === 'live' && capacity > 0))
    return new ShoalError('not-enough-peers', `Nobody in this swarm lends storage: none came ${waited}. Start peers with \`shoal peer\`.`);
  return new ShoalError(
    'not-enough-peers',
    `Nothing moved ${waited}. Last: ${last === undefined ? 'nothing' : sentenceOf(last.replacing ?? last)}.`,
  );
}
