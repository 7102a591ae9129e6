import { registerServiceWorker } from './download.ts';

/** Page → service worker, besides downloads. `busy` comes with a port and is answered by a boolean: whether a download streams. */
export type ToPageWorker = { readonly t: 'apply' } | { readonly t: 'busy' };

const updateEveryMs = 3_600_000;
const answerWithinMs = 2000;

/** The service worker that keeps the page. */
export interface PageWorker {
  /** Lets the new version take over and resolves when it has; false while a download of any tab streams through the old one (OFF-5). */
  apply(): Promise<boolean>;
}

/**
 * Has the service worker at `script` keep the page. `newer` is called when another version waits, which takes over only when it is
 * applied. Throws as `registerServiceWorker` does.
 */
export async function keepPage(script: string, newer: () => void): Promise<PageWorker> {
  const registration = await registerServiceWorker(script);
  const watch = (worker: ServiceWorker | null): void => {
    worker?.addEventListener('statechange', () => {
      if (worker.state === 'installed' && registration.active !== null) newer();
    });
  };
  if (registration.waiting !== null) newer();
  watch(registration.installing);
  registration.addEventListener('updatefound', () => watch(registration.installing));
  // A page that stays open for days would not hear of new versions otherwise. A server that is away is none.
  setInterval(() => void registration.update().catch(() => undefined), updateEveryMs);

  return {
    async apply() {
      const { active, waiting } = registration;
      if (waiting === null) return true;
      if (active !== null && (await isBusy(active))) return false;
      const applied = new Promise<void>((resolve) => {
        waiting.addEventListener('statechange', () => {
          if (waiting.state === 'activated' || waiting.state === 'redundant') resolve();
        });
      });
      waiting.postMessage({ t: 'apply' } satisfies ToPageWorker);
      await applied;
      return true;
    },
  };
}

/** A worker that does not answer streams nothing. */
function isBusy(worker: ServiceWorker): Promise<boolean> {
  const { port1, port2 } = new MessageChannel();
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(false), answerWithinMs);
    port1.addEventListener('message', ({ data }: MessageEvent<boolean>) => {
      clearTimeout(timer);
      resolve(data);
    });
    port1.start();
    worker.postMessage({ t: 'busy' } satisfies ToPageWorker, [port2]);
  });
}
