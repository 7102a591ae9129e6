import { create } from 'zustand';
import { keepPage, type PageWorker } from '../platform/browser/page-worker.ts';

interface KeptPage {
  /** The browser keeps the page: it opens without its server. */
  readonly offline: boolean;
  /** A newer version waits to be used. */
  readonly newer: boolean;
  /** It could not be used yet: a download in some tab still runs. */
  readonly busy: boolean;
}

const useStore = create<KeptPage>()(() => ({ offline: false, newer: false, busy: false }));
let worker: PageWorker | undefined;

export function useKeptPage(): KeptPage {
  return useStore();
}

/** Has the browser keep the page, where it can. */
export async function startKeeping(): Promise<void> {
  try {
    worker = await keepPage('/service-worker.js', () => useStore.setState({ newer: true }));
    useStore.setState({ offline: true });
  } catch {
    // No service workers here, or no room: the page works as long as its server does, and Settings says so.
  }
}

/** Uses the newer version: this page loads anew. Asked for by the person alone. */
export async function applyNewer(): Promise<void> {
  if (worker === undefined) return;
  if (await worker.apply()) location.reload();
  else useStore.setState({ busy: true });
}
