import { expect, test } from 'vitest';
import { drain } from '../../test/links-world.ts';
import { virtualClock } from '../platform/memory/clock.ts';
import { createShowing } from './showing.ts';

/** What is shown when, ms. */
function watched() {
  const clock = virtualClock(drain, 0);
  let setBackMs = 0;
  const shown: number[] = [];
  const changed = createShowing({ ...clock, now: () => clock.now() - setBackMs }, () => void shown.push(clock.now()));
  const pass = (ms: number): Promise<void> => clock.run(clock.now() + ms);
  return { pass, shown, changed, setBack: (ms: number) => void (setBackMs = ms) };
}

test('[SNAP-3] the first change after a pause is shown at once, whatever it is', async () => {
  const { pass, shown, changed } = watched();
  changed('figures');
  await pass(1_000);
  changed('state');
  await pass(1_000);
  expect(shown).toEqual([0, 1_000]);
});

test('[SNAP-3] figures that move all the time are shown 4 times a second, and so is their last one', async () => {
  const { pass, shown, changed } = watched();
  for (let ms = 0; ms < 1_000; ms += 10) {
    changed('figures');
    await pass(10);
  }
  await pass(1_000);
  expect(shown).toEqual([0, 250, 500, 750, 1_000]);
});

test('[SNAP-3] a change of state does not wait for the turn of figures', async () => {
  const { pass, shown, changed } = watched();
  changed('figures');
  await pass(150);
  changed('figures');
  changed('state');
  changed('figures');
  await pass(1_000);
  expect(shown).toEqual([0, 150]);
});

test('[SNAP-1] states that change all the time are shown 10 times a second', async () => {
  const { pass, shown, changed } = watched();
  for (let ms = 0; ms < 500; ms += 10) {
    changed();
    await pass(10);
  }
  await pass(1_000);
  expect(shown).toEqual([0, 100, 200, 300, 400, 500]);
});

test('[SNAP-1] a clock that is set back silences nobody', async () => {
  const { pass, shown, changed, setBack } = watched();
  changed();
  await pass(50);
  setBack(3_600_000);
  changed();
  await pass(1_000);
  expect(shown).toEqual([0, 150]);
});
