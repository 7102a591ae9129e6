import { type CborMap, decodeCbor, encodeCbor } from '../bytes/cbor.ts';
import { ShoalError } from '../errors.ts';
import { encodeFrame, type Frame, frameTypes } from './frame.ts';
import { frameHeaderBytes, messageBytesMax, requestIdMax, smallFrameBytes } from './limits.ts';

/** A control message (SPEC WIRE-3): what is asked, answered or told. `id` is the request it belongs to, 0 for a notice. */
export interface Message {
  readonly kind: number;
  readonly id: number;
  readonly body: CborMap;
}

/** Canonical CBOR array [kind, request id, body map]. Throws `too-large` past 1 MiB. */
export function encodeMessage({ kind, id, body }: Message): Uint8Array {
  const bytes = encodeCbor([kind, id, body]);
  if (bytes.length > messageBytesMax) throw new ShoalError('too-large', `A message has at most ${messageBytesMax} bytes.`);
  return bytes;
}

/** Throws `bad-input` for anything but such an array. */
export function decodeMessage(bytes: Uint8Array): Message {
  const value = decodeCbor(bytes);
  if (!Array.isArray(value) || value.length !== 3) throw new ShoalError('bad-input', 'A message is a list of kind, request and body.');
  const [kind, id, body] = value as unknown[];
  if (typeof kind !== 'number' || typeof id !== 'number' || id > requestIdMax || !(body instanceof Map))
    throw new ShoalError('bad-input', 'A message is a list of kind, request and body.');
  return { kind, id, body: body as CborMap };
}

/** The control frames of a message: pieces of one size, numbered from 0, the last one flagged. They go out with no other message between. */
export function controlFrames(message: Uint8Array): Uint8Array[] {
  const pieceBytes = smallFrameBytes - frameHeaderBytes;
  const count = Math.max(1, Math.ceil(message.length / pieceBytes));
  const frames: Uint8Array[] = [];
  for (let sequence = 0; sequence < count; sequence++) {
    const payload = message.subarray(sequence * pieceBytes, (sequence + 1) * pieceBytes);
    frames.push(encodeFrame({ type: frameTypes.control, last: sequence === count - 1, stream: 0, sequence, payload }));
  }
  return frames;
}

/** A message without an answer, as frames: made once, however many it goes to. Throws `too-large`. */
export const noticeOf = (kind: number, body: CborMap): readonly Uint8Array[] => controlFrames(encodeMessage({ kind, id: 0, body }));

/** The fragments of a message that have come so far. */
export interface Fragments {
  readonly frames: number;
  readonly bytes: Uint8Array;
}

export const nothingYet: Fragments = { frames: 0, bytes: new Uint8Array() };

/** Adds the next control frame: the message when it was the last one, else what has come so far. Throws `bad-input`. */
export function addFragment(before: Fragments, { last, stream, sequence, payload }: Frame): Fragments | Message {
  if (stream !== 0 || sequence !== before.frames) throw new ShoalError('bad-input', 'A control frame is out of order.');
  if (payload.length === 0) throw new ShoalError('bad-input', 'A control frame is empty.');
  if (before.bytes.length + payload.length > messageBytesMax)
    throw new ShoalError('bad-input', `A message is longer than ${messageBytesMax} bytes.`);
  if (last && sequence === 0) return decodeMessage(payload);
  const bytes = new Uint8Array(before.bytes.length + payload.length);
  bytes.set(before.bytes);
  bytes.set(payload, before.bytes.length);
  return last ? decodeMessage(bytes) : { frames: sequence + 1, bytes };
}
