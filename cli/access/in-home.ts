import { setTimeout as pause } from 'node:timers/promises';
import { errorCode } from '../../src/core/errors.ts';
import { type Home, homePaths, openHome } from '../../src/platform/node/home.ts';

/** How long other commands of this home may hold it before a command gives up, and how often it looks, ms. */
const homeWaitMs = 5_000;
const homeLookMs = 50;

/** Runs `work` while this process has the home, which is made where there is none. Throws `busy` when others do not let go of it in time. */
export async function inHome<T>(folder: string, work: (home: Home) => Promise<T>, waitMs = homeWaitMs): Promise<T> {
  const home = await waitForHome(folder, performance.now() + waitMs);
  try {
    return await work(home);
  } finally {
    await home.release();
  }
}

async function waitForHome(folder: string, untilMs: number): Promise<Home> {
  for (;;) {
    try {
      return await openHome(folder);
    } catch (error) {
      if (errorCode(error) !== 'busy' || performance.now() > untilMs) throw error;
    }
    await pause(homeLookMs);
  }
}

export async function isHome(folder: string): Promise<boolean> {
  try {
    await homePaths(folder);
    return true;
  } catch (error) {
    if (errorCode(error) === 'not-found') return false;
    throw error;
  }
}
