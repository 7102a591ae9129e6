import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createSecretIndex } from './secret-index.ts';

const secrets = fc.array(fc.uint8Array({ minLength: 16, maxLength: 40 }), { minLength: 1, maxLength: 5 });
const around = fc.uint8Array({ maxLength: 30 });

test('[SIM-9] a secret is found wherever it stands in a frame, and nothing that differs from it', () => {
  fc.assert(
    fc.property(secrets, around, around, fc.nat(), (all, before, after, place) => {
      const index = createSecretIndex();
      for (const secret of all) index.add(secret);
      const secret = all[place % all.length]!;
      const frame = Uint8Array.of(...before, ...secret, ...after);
      expect(index.isIn(frame)).toBe(true);
      const contains = (bytes: Uint8Array): boolean => all.some((each) => Buffer.from(bytes).includes(Buffer.from(each)));
      frame[before.length + (place % secret.length)]! ^= 1;
      expect(index.isIn(frame)).toBe(contains(frame));
      expect(index.isIn(secret.subarray(1))).toBe(contains(secret.subarray(1)));
    }),
  );
});

test('[SIM-9] what is too short to be there by intent alone is no secret', () => {
  const index = createSecretIndex();
  index.add(new Uint8Array(15).fill(7));
  expect(index.isIn(new Uint8Array(100).fill(7))).toBe(false);
});
