import { ShoalError } from '../../src/core/errors.ts';
import type { FilePart } from '../../src/core/object/excerpt.ts';
import type { Sink } from '../../src/peer/ports.ts';
import type { ReceiveView } from '../../src/peer/snapshot.ts';
import { failureOf, type PeerAccess, unreachable } from '../access/access.ts';
import { type Quiet, quiet } from '../access/quiet.ts';

/** A part of a file as a person asks for it: without an end it goes to the file's. */
export interface WantedPart {
  readonly first: number;
  readonly last?: number;
}

export interface GetOptions {
  readonly part?: WantedPart;
  /** How long nothing may move, ms. */
  readonly waitMs: number;
  /** Where the bytes go, once name and size are known. */
  readonly sinkFor: (header: { readonly name: string; readonly size: number }) => Promise<Sink>;
  readonly told: (view: ReceiveView) => void;
  readonly signal: AbortSignal;
}

/**
 * Finds the file of a capability and hands it, or a part of it, to a sink. Throws `not-found` when nobody announced it within `waitMs`,
 * `not-enough-shards` when what was found does not move for as long, `cancelled` on `signal`, `bad-input` for a part it does not have.
 */
export async function getFile(access: PeerAccess, capability: string, options: GetOptions): Promise<ReceiveView> {
  const id = await access.open(capability);
  const moving = quiet(options.waitMs, options.signal);
  try {
    const found = await untilReady(access, id, moving, options);
    const size = found.size ?? 0;
    const part = partOf(options.part, size);
    const sink = await options.sinkFor({ name: found.name ?? '', size });
    const watching = watchOn(access, id, moving, options.told);
    // Where the download fails nobody waits for it any more.
    watching.catch(() => {});
    await access.download(id, sink, part, moving.signal);
    return await watching;
  } catch (error) {
    if (moving.fell) throw await whyNothingMoved(access, id, options.waitMs);
    if (options.signal.aborted) throw new ShoalError('cancelled', 'Interrupted. Nothing half downloaded stays.');
    throw error;
  } finally {
    moving.end();
  }
}

async function untilReady(access: PeerAccess, id: string, moving: Quiet, { told }: GetOptions): Promise<ReceiveView> {
  for await (const view of access.watchReceive(id, moving.signal)) {
    moving.seen(newsOf(view));
    told(view);
    if (view.state === 'failed') throw failureOf(view);
    if (view.name !== undefined) return view;
  }
  throw new ShoalError('cancelled', 'Interrupted.');
}

/** Goes on telling, until the end; gives the last view. */
async function watchOn(access: PeerAccess, id: string, moving: Quiet, told: GetOptions['told']): Promise<ReceiveView> {
  let last: ReceiveView | undefined;
  for await (const view of access.watchReceive(id, moving.signal)) {
    moving.seen(newsOf(view));
    told(view);
    last = view;
  }
  if (last === undefined) throw new ShoalError('cancelled', 'Interrupted.');
  return last;
}

const newsOf = ({ state, bytesDone, shardsFound }: ReceiveView): string => `${state} ${bytesDone} ${shardsFound}`;

function partOf(wanted: WantedPart | undefined, size: number): FilePart | undefined {
  if (wanted === undefined) return undefined;
  if (wanted.first >= size)
    throw new ShoalError('bad-input', `The file has ${size} bytes, the first is byte 0: there is no byte ${wanted.first}.`);
  return { offset: wanted.first, length: Math.min(wanted.last ?? size - 1, size - 1) - wanted.first + 1 };
}

async function whyNothingMoved(access: PeerAccess, id: string, waitMs: number): Promise<ShoalError> {
  const waited = `for ${Math.round(waitMs / 1000)} s`;
  const { self, receives } = await access.snapshot();
  const view = receives.find((receive) => receive.id === id);
  if (self.signaling !== 'joined') return unreachable(access, ` ${waited}`);
  if (view?.announced !== true)
    return new ShoalError(
      'not-found',
      `Nobody in this swarm announced this file ${waited}: check the link and --swarm, or try again later.`,
    );
  return new ShoalError('not-enough-shards', `${view.sentence}. Nothing moved ${waited}.`);
}
