import { expect, it } from 'vitest';
import { encodeSigned } from '../object/signed.ts';
import { encodeHeartbeatBody, parseHeartbeat } from './heartbeat.ts';

const signature = (first: number): Uint8Array => new Uint8Array(64).fill(first, 0, 1);

function heartbeat(seq: number, first: number): Uint8Array {
  const counts = { class: 0, capacity: 10, used: 0, reserved: 0, headroom: 0 };
  return encodeSigned(encodeHeartbeatBody({ node: new Uint8Array(32).fill(1), incarnation: 1, seq, ...counts, ts: 2 }), signature(first));
}

it('[BEAT-1] bytes that come again are read once, and a single other byte makes them others', () => {
  const signed = heartbeat(1, 5);
  const first = parseHeartbeat(signed);
  expect(parseHeartbeat(signed.slice())).toBe(first);
  // Both have the place of the first.
  expect(parseHeartbeat(heartbeat(2, 5)).heartbeat.seq).toBe(2);
  expect(parseHeartbeat(heartbeat(1, 5 + 64)).signature).toEqual(signature(5 + 64));
  expect(parseHeartbeat(signed)).toEqual(first);
});

it('[BEAT-1] what was read stays as it was when the bytes that were given change', () => {
  const signed = heartbeat(3, 9);
  const { message } = parseHeartbeat(signed);
  const before = message.slice();
  signed.fill(0, 0, signed.length - 64);
  expect(message).toEqual(before);
  expect(() => parseHeartbeat(signed)).toThrow(expect.objectContaining({ code: 'bad-input' }));
  expect(parseHeartbeat(heartbeat(3, 9)).heartbeat.seq).toBe(3);
});
