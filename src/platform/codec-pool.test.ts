import { expect, test } from 'vitest';
import { codecWorkersFor } from './codec-pool.ts';

test('[SEAL-3] sealing and opening have one thread fewer than there are cores, at least one and at most four', () => {
  expect([1, 2, 3, 4, 5, 6, 64].map(codecWorkersFor)).toEqual([1, 1, 2, 3, 4, 4, 4]);
});
