import { expect, test } from 'vitest';
import { fileGate } from './file-gate.ts';

test('[FILE-5] no more than so many run at once, first come, first served; a failed one hands its turn on', async () => {
  const gate = fileGate(2);
  const finish: ((fails: boolean) => void)[] = [];
  const begun: number[] = [];
  const all = [0, 1, 2, 3].map((n) =>
    gate(() => {
      begun.push(n);
      return new Promise<void>((resolve, reject) => (finish[n] = (fails) => (fails ? reject(new Error('failed')) : resolve())));
    }),
  );
  expect(begun).toEqual([0, 1]);
  finish[1]!(true);
  await expect(all[1]).rejects.toThrow('failed');
  expect(begun).toEqual([0, 1, 2]);
  finish[0]!(false);
  await all[0];
  expect(begun).toEqual([0, 1, 2, 3]);
  finish[2]!(false);
  finish[3]!(false);
  await Promise.all([all[2], all[3]]);
  await gate(async () => begun.push(4));
  expect(begun).toEqual([0, 1, 2, 3, 4]);
});
