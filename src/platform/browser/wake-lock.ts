/** What of the browser keeps the screen on. */
export interface WakeLocks {
  request(type: 'screen'): Promise<{ release(): Promise<void> }>;
}

/** What of the document tells whether the page is seen. */
export interface SeenPage {
  readonly visibilityState: DocumentVisibilityState;
  addEventListener(type: 'visibilitychange', listener: () => void): void;
}

/** Keeps the screen awake while that is wanted and the page is visible (SPEC UI-28). */
export interface WakeLock {
  want(wanted: boolean): void;
}

/** `locks`: absent where the browser has none. Refusals, as when the battery runs low, are silent: it is asked when the page shows again. */
export function createWakeLock(locks: WakeLocks | undefined, page: SeenPage): WakeLock {
  let wanted = false;
  let held: Awaited<ReturnType<WakeLocks['request']>> | undefined;
  let asking = false;

  const release = (): void => {
    held?.release().catch(() => {});
    held = undefined;
  };
  const settle = async (): Promise<void> => {
    // The browser has let go of it already when the page is hidden; to release it again does no harm.
    if (!wanted || page.visibilityState !== 'visible') return release();
    if (locks === undefined || held !== undefined || asking) return;
    asking = true;
    try {
      held = await locks.request('screen');
    } catch {
      return;
    } finally {
      asking = false;
    }
    // It may have come too late.
    if (!wanted || page.visibilityState !== 'visible') release();
  };
  page.addEventListener('visibilitychange', () => void settle());
  return {
    want(now) {
      if (now === wanted) return;
      wanted = now;
      void settle();
    },
  };
}
