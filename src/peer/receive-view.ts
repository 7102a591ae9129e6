import type { ShoalError } from '../core/errors.ts';
import { holdersOf, type RecordState } from '../core/record/record.ts';
import type { PlainHeader } from './ports.ts';
import type { ReceiveState, ReceiveView } from './snapshot.ts';

/** What is known of one opened link now. */
export interface ReceiveStatus {
  readonly id: string;
  readonly state: ReceiveState;
  readonly record: RecordState | undefined;
  readonly header: PlainHeader | undefined;
  /** File bytes handed over. */
  readonly bytesDone: number;
  readonly error: ShoalError | undefined;
}

/** What stands between a link and its file, in words. */
const sentences: Readonly<Record<ReceiveState, string>> = {
  looking: 'Looking for this file. Nobody online has announced it yet',
  waiting: 'Found, waiting for peers that hold its shards',
  ready: 'Ready to download',
  downloading: 'Downloading, every byte is verified',
  done: 'Downloaded and verified',
  failed: 'Failed',
};

/** The receive as the page shows it: shards count as found where a peer that claims them is linked. */
export function receiveView(status: ReceiveStatus, isLinked: (node: string) => boolean, nowMs: number): ReceiveView {
  const { id, state, record, header, bytesDone, error } = status;
  const found = record === undefined ? [] : holdersOf(record, nowMs);
  const online = found.map((segment) => segment.filter((nodes) => nodes.some(isLinked)).length);
  const shardsFound = online.length === 0 ? 0 : Math.min(...online);
  const k = record?.descriptor.k ?? 0;
  const missing = Math.max(0, k - shardsFound);
  const waiting = `${shardsFound} of ${k} shards found, waiting for ${missing} more`;
  const failed = state === 'failed' ? error?.message : undefined;
  return {
    id,
    state,
    shardsFound,
    k,
    n: k + (record?.descriptor.m ?? 0),
    bytesDone,
    bytesWanted: header?.size ?? 0,
    announced: record !== undefined,
    sentence: failed ?? (state === 'waiting' && missing > 0 ? waiting : sentences[state]),
    ...(header === undefined ? {} : { name: header.name, size: header.size, media: header.media }),
    ...(error === undefined ? {} : { error: error.code }),
  };
}
