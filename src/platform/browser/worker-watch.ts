/** How often the page pings its worker, and after how many pings without an answer the worker counts as gone. */
export const workerPingEveryMs = 2_000;
export const workerPingsMax = 5;

/**
 * Watches the peer worker from its page, because nobody else can: when a worker dies, its channels stay open for ever (SPEC RTC-8).
 *
 * `ping` is a call that the worker answers; it counts from its first answer on, so a worker that loads slowly is not taken for dead.
 * Pings are counted, not time: a page that was blocked or frozen itself wakes to one late tick and does not blame the worker for it.
 * `gone` is called once: after too many pings without an answer, or when the worker reports an error that nothing in it caught.
 * Returns the function that ends the watch.
 */
export function watchWorker(
  worker: Worker,
  ping: () => Promise<unknown>,
  gone: (reason: string) => void,
  everyMs = workerPingEveryMs,
): () => void {
  let started = false;
  let unanswered = 0;
  const answered = () => {
    started = true;
    unanswered = 0;
  };
  const tick = () => {
    if (unanswered >= workerPingsMax) return give('the worker does not answer');
    if (started) unanswered += 1;
    ping().then(answered, () => undefined);
  };
  const failed = (event: ErrorEvent) => give(`the worker failed: ${event.message || 'it could not be loaded'}`);
  const stop = () => {
    clearInterval(timer);
    worker.removeEventListener('error', failed);
  };
  const give = (reason: string) => {
    stop();
    gone(reason);
  };
  const timer = setInterval(tick, everyMs);
  tick();
  worker.addEventListener('error', failed);
  return stop;
}
