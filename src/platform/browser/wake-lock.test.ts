import { describe, expect, test } from 'vitest';
import { createWakeLock, type SeenPage } from './wake-lock.ts';

/** The browser: how many locks are held now, how often one was asked for, and whether it refuses. */
function browser() {
  const listeners: (() => void)[] = [];
  const page: { -readonly [K in keyof SeenPage]: SeenPage[K] } = {
    visibilityState: 'visible',
    addEventListener: (_type, listener) => void listeners.push(listener),
  };
  const state = { held: 0, asked: 0, refuses: false };
  const locks = {
    async request() {
      state.asked++;
      if (state.refuses) throw new DOMException('The battery is low.', 'NotAllowedError');
      state.held++;
      let released = false;
      return {
        async release() {
          if (!released) state.held--;
          released = true;
        },
      };
    },
  };
  const show = async (visibility: DocumentVisibilityState): Promise<void> => {
    page.visibilityState = visibility;
    for (const listener of listeners) listener();
    await settled();
  };
  return { page, locks, state, show };
}

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('[UI-28] wake lock', () => {
  test('is held while it is wanted, once', async () => {
    const { page, locks, state } = browser();
    const lock = createWakeLock(locks, page);
    lock.want(true);
    lock.want(true);
    await settled();
    expect(state).toMatchObject({ held: 1, asked: 1 });
    lock.want(false);
    await settled();
    expect(state).toMatchObject({ held: 0, asked: 1 });
  });

  test('is asked for again when the page shows again, and not while it is hidden', async () => {
    const { page, locks, state, show } = browser();
    const lock = createWakeLock(locks, page);
    await show('hidden');
    lock.want(true);
    await settled();
    expect(state.asked).toBe(0);
    await show('visible');
    expect(state.held).toBe(1);
    await show('hidden');
    expect(state.held).toBe(0);
    await show('visible');
    expect(state.held).toBe(1);
    lock.want(false);
    await show('visible');
    expect(state.held).toBe(0);
  });

  test('that comes too late is let go, and one that is wanted again meanwhile is not asked for twice', async () => {
    const { page, locks, state } = browser();
    const lock = createWakeLock(locks, page);
    lock.want(true);
    lock.want(false);
    await settled();
    expect(state).toMatchObject({ held: 0, asked: 1 });
    lock.want(true);
    lock.want(false);
    lock.want(true);
    await settled();
    expect(state).toMatchObject({ held: 1, asked: 2 });
  });

  test('that is refused is asked for when the page shows again', async () => {
    const { page, locks, state, show } = browser();
    const lock = createWakeLock(locks, page);
    state.refuses = true;
    lock.want(true);
    await settled();
    expect(state).toMatchObject({ held: 0, asked: 1 });
    state.refuses = false;
    await show('visible');
    expect(state).toMatchObject({ held: 1, asked: 2 });
  });

  test('is nothing where the browser has none', async () => {
    const { page, show } = browser();
    const lock = createWakeLock(undefined, page);
    lock.want(true);
    await show('visible');
    lock.want(false);
  });
});
