import { createWakeLock, type WakeLock } from '../platform/browser/wake-lock.ts';

let lock: WakeLock | undefined;

/** Keeps the screen awake from now on, while the page is visible, or lets it sleep. Nothing where the browser cannot. */
export function keepAwake(wanted: boolean): void {
  lock ??= createWakeLock('wakeLock' in navigator ? navigator.wakeLock : undefined, document);
  lock.want(wanted);
}
