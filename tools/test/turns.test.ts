import { expect, it } from 'vitest';
import { turns } from './turns.mjs';

/** Goes on for so many microtasks. */
async function chain(length: number): Promise<void> {
  for (let i = 0; i < length; i++) await Promise.resolve();
}

it('[SIM-3] each turn comes after all that promises set off, however long that goes on', async () => {
  const turn = turns();
  const done: number[] = [];
  for (let event = 0; event < 200; event++) {
    void chain(1 + ((event * 37) % 500)).then(() => done.push(event));
    await turn();
    expect(done.at(-1)).toBe(event);
  }
});

it('[SIM-3] who waits for the same turn goes on in the order of asking', async () => {
  const turn = turns();
  const went: number[] = [];
  await Promise.all([1, 2, 3].map((each) => turn().then(() => went.push(each))));
  expect(went).toEqual([1, 2, 3]);
});
