import type { ShoalError } from '../core/errors.ts';
import type { FilePart } from '../core/object/excerpt.ts';
import type { Head } from '../core/record/heads.ts';
import type { RecordState } from '../core/record/record.ts';
import { holdersOf, isDeleted, leaseOf, rivals } from '../core/record/view.ts';
import type { PlainHeader } from './ports.ts';
import type { ReceiveState, ReceiveView } from './snapshot.ts';

/** What is known of one opened link now. */
export interface ReceiveStatus {
  readonly id: string;
  readonly state: ReceiveState;
  readonly record: RecordState | undefined;
  /** The head that is read, was read last, or is to be read; absent where none is known that may be. */
  readonly head: Head | undefined;
  readonly header: PlainHeader | undefined;
  /** File bytes handed over. */
  readonly bytesDone: number;
  /** What was asked for; all of the file when absent. */
  readonly part: FilePart | undefined;
  readonly error: ShoalError | undefined;
}

const notAnnounced = 'Not announced yet: nobody online knows this file. Keep this page open, or ask the sender to open theirs.';

const olderSentence = 'Only older versions of this file are announced than the one that was downloaded here before. It is waited for';

const expiredSentence = 'Nobody renewed it before its lease ended. Ask its sender for a new link';

/** What stands between a link and its file, in words. */
const sentences: Readonly<Record<ReceiveState, string>> = {
  looking: 'Found. Reading its name and size',
  waiting: 'Enough shards were found, but their holders do not answer. It goes on by itself when they do',
  ready: 'Ready to download',
  downloading: 'Downloading, every byte is verified',
  done: 'Downloaded and verified',
  failed: 'Failed',
};

/** The receive as the page shows it: shards count as found where a peer that claims them is there, by a link or by its heartbeats (SPEC READ-10). */
export function receiveView(status: ReceiveStatus, isThere: (node: string) => boolean, nowMs: number): ReceiveView {
  const { id, state, record, head, header, bytesDone, part, error } = status;
  const found = head === undefined ? [] : holdersOf(head, nowMs);
  const online = found.map((segment) => segment.filter((nodes) => nodes.some(isThere)).length);
  const shardsFound = online.length === 0 ? 0 : Math.min(...online);
  const k = head?.descriptor.k ?? 0;
  const isOpen = state === 'looking' || state === 'waiting' || state === 'ready';
  const expired =
    isOpen && head !== undefined && shardsFound < k && record !== undefined && nowMs > leaseOf(record, head.descriptor, nowMs);
  return {
    id,
    state,
    shardsFound,
    k,
    n: k + (head?.descriptor.m ?? 0),
    bytesDone,
    bytesWanted: part?.length ?? header?.size ?? 0,
    announced: head !== undefined,
    version: head?.descriptor.version ?? 0,
    sentence: expired ? expiredSentence : sentenceOf(status, k, shardsFound),
    expired,
    deleted: record !== undefined && isDeleted(record),
    equivocated: record !== undefined && rivals(record).length > 0,
    ...(header === undefined ? {} : { name: header.name, size: header.size, media: header.media }),
    ...(error === undefined ? {} : { error: error.code }),
  };
}

function sentenceOf({ state, record, head, error }: ReceiveStatus, k: number, shardsFound: number): string {
  if (state === 'failed') return error?.message ?? sentences.failed;
  if (state === 'looking' && head === undefined) return record?.heads[0] === undefined ? notAnnounced : olderSentence;
  const missing = k - shardsFound;
  if ((state !== 'waiting' && state !== 'ready') || missing <= 0) return sentences[state];
  const waiting = `${shardsFound} of ${k} found, waiting for ${missing} more ${missing === 1 ? 'shard' : 'shards'}`;
  return `${waiting}. ${state === 'ready' ? 'A download begins' : 'It goes on'} by itself when they come`;
}
