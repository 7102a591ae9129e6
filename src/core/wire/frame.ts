import { setUint32, uint32At } from '../bytes/integers.ts';
import { ShoalError } from '../errors.ts';
import { frameBytesMax, frameCreditMin, frameHeaderBytes, payloadBytesMax } from './limits.ts';

/** What a frame carries (SPEC WIRE-1). */
export const frameTypes = { hello: 0, control: 1, data: 2, credit: 3, reset: 4 } as const;
export type FrameType = (typeof frameTypes)[keyof typeof frameTypes];

const isType = (value: number): value is FrameType => value <= frameTypes.reset;

/** The one flag: the last fragment of a control message, the last frame of a stream's direction. */
export const lastFlag = 1;

/** The unit on a link. `sequence` counts frames (hello, control, data) or is the credit total (credit). */
export interface Frame {
  readonly type: FrameType;
  readonly last: boolean;
  /** Request id of the stream; 0 for hello, control and reset. */
  readonly stream: number;
  readonly sequence: number;
  readonly payload: Uint8Array;
}

/**
 * Bytes of a frame: type u8, flags u8, stream u32, sequence or credit u32, payload length u16, payload; big-endian. The payload is copied,
 * to the beginning of `room` if there is one. Throws RangeError for a payload that does not fit: that would be our bug.
 */
export function encodeFrame({ type, last, stream, sequence, payload }: Frame, room?: Uint8Array): Uint8Array {
  if (payload.length > payloadBytesMax) throw new RangeError(`a frame carries at most ${payloadBytesMax} bytes`);
  const length = frameHeaderBytes + payload.length;
  if (room !== undefined && room.length < length)
    throw new RangeError(`the frame has ${length} bytes and there is room for ${room.length}`);
  const bytes = room?.subarray(0, length) ?? new Uint8Array(length);
  bytes[0] = type;
  bytes[1] = last ? lastFlag : 0;
  setUint32(bytes, 2, stream);
  setUint32(bytes, 6, sequence);
  bytes[10] = payload.length >> 8;
  bytes[11] = payload.length;
  bytes.set(payload, frameHeaderBytes);
  return bytes;
}

/** The frame in `bytes`; its payload is a view of them. Throws `bad-input` unless they are exactly one frame. */
export function decodeFrame(bytes: Uint8Array): Frame {
  if (bytes.length < frameHeaderBytes || bytes.length > frameBytesMax) throw malformed(`has ${bytes.length} bytes`);
  const type = bytes[0]!;
  if (!isType(type)) throw malformed('is of an unknown type');
  const flags = bytes[1]!;
  if (flags > lastFlag) throw malformed('has unknown flags');
  const payload = bytes.subarray(frameHeaderBytes);
  if (bytes[10]! * 256 + bytes[11]! !== payload.length) throw malformed('does not have the length it states');
  return { type, last: flags === lastFlag, stream: uint32At(bytes, 2), sequence: uint32At(bytes, 6), payload };
}

/** The stream of an encoded frame. */
export const frameStream = (bytes: Uint8Array): number => uint32At(bytes, 2);

/** Credit that a data frame uses up: its payload, at least 256 bytes; an empty frame (only to say "last") uses none (SPEC CREDIT-2). */
export function creditCost(payloadBytes: number): number {
  return payloadBytes === 0 ? 0 : Math.max(payloadBytes, frameCreditMin);
}

function malformed(why: string): ShoalError {
  return new ShoalError('bad-input', `The frame ${why}.`);
}
