import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { creditCost, decodeFrame, encodeFrame, type Frame, frameTypes } from './frame.ts';
import { frameBytesMax, frameCreditMin, payloadBytesMax, streamCreditBytes } from './limits.ts';

const frame = (fields: Partial<Frame> = {}): Frame => ({
  type: frameTypes.data,
  last: false,
  stream: 1,
  sequence: 2,
  payload: new Uint8Array(3),
  ...fields,
});
const refused = expect.objectContaining({ code: 'bad-input' });

describe('frames', () => {
  it('[WIRE-1] decoding gives back what was encoded', () => {
    const u32 = fc.nat(0xffff_ffff);
    const frames = fc.record({
      type: fc.constantFrom(...Object.values(frameTypes)),
      last: fc.boolean(),
      stream: u32,
      sequence: u32,
      payload: fc.uint8Array({ maxLength: 300 }),
    });
    fc.assert(
      fc.property(frames, (each) => {
        expect(decodeFrame(encodeFrame(each))).toEqual(each);
      }),
    );
  });

  it('[WIRE-1] a frame has 12 to 65,536 bytes', () => {
    const largest = encodeFrame(frame({ payload: new Uint8Array(payloadBytesMax) }));
    expect(largest).toHaveLength(frameBytesMax);
    expect(decodeFrame(largest).payload).toHaveLength(payloadBytesMax);
    expect(() => encodeFrame(frame({ payload: new Uint8Array(payloadBytesMax + 1) }))).toThrow(RangeError);
    expect(() => decodeFrame(new Uint8Array(frameBytesMax + 1))).toThrow(refused);
    expect(() => decodeFrame(new Uint8Array(11))).toThrow(refused);
  });

  it('[WIRE-1] unknown types, unknown flags and a wrong length are refused', () => {
    for (const [at, value] of [
      [0, 5],
      [1, 2],
      [1, 0x81],
      [11, 2],
      [10, 1],
    ] as const) {
      const bytes = encodeFrame(frame());
      bytes[at] = value;
      expect(() => decodeFrame(bytes), `byte ${at} = ${value}`).toThrow(refused);
    }
  });

  it('[CREDIT-2] a data frame costs its payload, at least 256 bytes, so that 1 MiB is 4,096 frames at most; an empty one is free', () => {
    expect([0, 1, frameCreditMin, 1_000].map(creditCost)).toEqual([0, 256, 256, 1_000]);
    expect(streamCreditBytes / creditCost(1)).toBe(4_096);
  });
});
