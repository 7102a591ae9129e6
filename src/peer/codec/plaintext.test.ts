import fc from 'fast-check';
import { expect, test } from 'vitest';
import { concatBytes, equalBytes } from '../../core/bytes/compare.ts';
import { encodeHeader, streamLength } from '../../core/object/header.ts';
import { plaintextStream } from './plaintext.ts';
import { fileOf } from './samples.contract.ts';
import { createStripper } from './strip.ts';

const file = fileOf(5000);
const header = { name: 'a', media: 'b', size: file.length, mtime: 0 };
const head = encodeHeader(header);
const whole = concatBytes(head, file, new Uint8Array(5120 - head.length - file.length));

test('[HEAD-1] any range of the stream is head, file and zeros, of which only the file is read', async () => {
  const stream = plaintextStream(header, async (start, end) => {
    expect(0 <= start && start < end && end <= file.length).toBe(true);
    return file.subarray(start, end);
  });
  expect(stream.length).toBe(5120);
  const position = fc.nat({ max: 5120 });
  await fc.assert(
    fc.asyncProperty(position, position, async (a, b) => {
      const [start, end] = [Math.min(a, b), Math.max(a, b)];
      expect(equalBytes(await stream.read(start, end), whole.subarray(start, end))).toBe(true);
    }),
    { examples: [[3227, 3227]] },
  );
});

test('[OPEN-4] head and padding come off again, and what was not asked for', () => {
  const big = fileOf(40_000);
  const name = { name: 'a', media: 'b', size: big.length, mtime: 0 };
  const start = encodeHeader(name);
  const padded = concatBytes(start, big, new Uint8Array(streamLength(name) - start.length - big.length));
  const chunks = [0, 1, 2].map((i) => padded.subarray(i * 16_384, (i + 1) * 16_384));
  const stripped = (from: number, to: number): Uint8Array => {
    const stripper = createStripper(padded.length);
    const parts = chunks.map((chunk, i) => stripper.strip(i, chunk, { start: start.length + from, end: start.length + to }));
    expect(stripper.header).toEqual(name);
    return concatBytes(...parts);
  };
  expect(equalBytes(stripped(0, 40_000), big)).toBe(true);
  expect(equalBytes(stripped(100, 20_000), big.subarray(100, 20_000))).toBe(true);
  expect(stripped(0, 0).length).toBe(0);
});
