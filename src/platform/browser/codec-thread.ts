import type { CodecThread } from '../codec-pool.ts';

/** A Web Worker as a thread of the codec pool. */
export const webWorkerThread = (worker: Worker): CodecThread => ({
  endpoint: worker,
  onFailure: (told) => worker.addEventListener('error', () => told(), { once: true }),
  terminate: () => worker.terminate(),
});
