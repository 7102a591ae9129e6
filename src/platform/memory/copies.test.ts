import { expect, it } from 'vitest';
import { createCopies } from './copies.ts';

it('copies are equal, of their own, and never change with others', () => {
  const copies = createCopies();
  const sizes = [0, 1, 200, 1_024, 1_025, 70_000];
  const given = Array.from({ length: 300 }, (_, i) => new Uint8Array(sizes[i % sizes.length]!).fill(i));
  const made = given.map((bytes) => copies.of(bytes));
  for (const bytes of given) bytes.fill(255);
  for (const [i, copy] of made.entries()) {
    expect(copy).toHaveLength(sizes[i % sizes.length]!);
    expect(copy.every((byte) => byte === i % 256)).toBe(true);
  }
});
