import { describe, expect, it } from 'vitest';
import { encodeCbor } from '../bytes/cbor.ts';
import { concatBytes, equalBytes } from '../bytes/compare.ts';
import { decodeFrame } from './frame.ts';
import { messageBytesMax, smallFrameBytes } from './limits.ts';
import { addFragment, controlFrames, decodeMessage, encodeMessage, type Fragments, type Message, nothingYet } from './message.ts';

const refused = expect.objectContaining({ code: 'bad-input' });

/** The message after all frames but none of those before it gave one. */
function assemble(frames: readonly Uint8Array[]): Fragments | Message {
  let state: Fragments | Message = nothingYet;
  for (const frame of frames) {
    if (!('frames' in state)) throw new Error('a message came before its last frame');
    state = addFragment(state, decodeFrame(frame));
  }
  return state;
}

describe('messages', () => {
  it('[WIRE-3] a message of any length comes back whole from its fragments', () => {
    for (const length of [0, 1, 16_300, 16_372, 40_000, 1_000_000]) {
      const message: Message = { kind: 33, id: 7, body: new Map([[1, new Uint8Array(length).fill(3)]]) };
      const frames = controlFrames(encodeMessage(message));
      const got = assemble(frames) as Message;
      expect([got.kind, got.id, equalBytes(encodeMessage(got), encodeMessage(message))]).toEqual([33, 7, true]);
      for (const frame of frames) expect(frame.length).toBeLessThanOrEqual(smallFrameBytes);
    }
  });

  it('[WIRE-3] more than 1 MiB is too-large to send and bad-input to receive', () => {
    expect(() => encodeMessage({ kind: 1, id: 1, body: new Map([[1, new Uint8Array(messageBytesMax)]]) })).toThrow(
      expect.objectContaining({ code: 'too-large' }),
    );
    const frames = controlFrames(concatBytes(new Uint8Array(messageBytesMax + 1)));
    expect(() => assemble(frames)).toThrow(refused);
  });

  it('[WIRE-3] anything but [kind, request id, body map] is refused', () => {
    const map = new Map();
    for (const value of [map, [], [1, 2], [1, 2, map, 3], ['1', 2, map], [1, 2 ** 32, map], [1, 2, []]]) {
      expect(() => decodeMessage(encodeCbor(value))).toThrow(refused);
    }
  });

  it('[WIRE-3] a lost, repeated or empty fragment is refused', () => {
    const frames = controlFrames(encodeMessage({ kind: 1, id: 1, body: new Map([[1, new Uint8Array(50_000)]]) }));
    expect(() => assemble(frames.slice(1))).toThrow(refused);
    expect(() => assemble([frames[0]!, frames[0]!])).toThrow(refused);
    expect(() => addFragment(nothingYet, { ...decodeFrame(frames[0]!), payload: new Uint8Array() })).toThrow(refused);
    expect(() => addFragment(nothingYet, { ...decodeFrame(frames[0]!), stream: 1 })).toThrow(refused);
  });
});
