import { expect, test } from 'vitest';
import { virtualClock } from '../platform/memory/clock.ts';
import { seededRandom } from '../platform/memory/random.ts';
import { createTrace } from './trace.ts';

/** Hash of a trace of one frame. */
function hashOf(frame: Uint8Array): string {
  const trace = createTrace(virtualClock(async () => {}));
  trace.note('frame', 'a', 'b', frame);
  return trace.hash();
}

test('[SIM-2] every byte of a frame counts, and the order of its bytes', () => {
  const frame = seededRandom('frame').bytes(500);
  const swapped = frame.slice();
  swapped.set(frame.subarray(200, 210), 100);
  swapped.set(frame.subarray(100, 110), 200);
  const changed = [0, 31, 32, 33, 250, 466, 467, 468, 499].map((at) => frame.with(at, frame[at]! ^ 1));
  const hashes = [frame, swapped, ...changed].map(hashOf);
  expect(new Set(hashes).size).toBe(hashes.length);
  expect(hashOf(frame.slice())).toBe(hashes[0]);
});
