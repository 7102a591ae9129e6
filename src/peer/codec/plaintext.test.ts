import fc from 'fast-check';
import { expect, test } from 'vitest';
import { concatBytes, equalBytes } from '../../core/bytes/compare.ts';
import { encodeHeader } from '../../core/object/header.ts';
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
  );
});

test('[OPEN-4] head and padding come off again', () => {
  const stripper = createStripper(whole.length);
  const parts = [whole.subarray(0, 4000), whole.subarray(4000, 5060), whole.subarray(5060)].map((part) => stripper.strip(part));
  expect(equalBytes(concatBytes(...parts), file)).toBe(true);
  expect(stripper.header).toEqual(header);
});
