/**
 * At most one tab runs the peer of a profile: whoever holds the Web Lock `peer:<profile>`. The lock ends with the worker that holds it.
 * The database's epoch fences what an ousted peer still tries to write; the lock alone could not.
 *
 * @param steal take the lock from whoever holds it
 * @param lost called when another tab took it away
 * @returns whether the lock is ours
 */
export function takeLeadership(profile: string, steal: boolean, lost: () => void): Promise<boolean> {
  return new Promise((resolve, reject) => {
    let ours = false;
    navigator.locks
      .request(`peer:${profile}`, steal ? { steal: true } : { ifAvailable: true }, (lock) => {
        ours = lock !== null;
        resolve(ours);
        // Held for as long as this worker lives.
        return ours ? new Promise<never>(() => {}) : undefined;
      })
      .catch((error: unknown) => (ours ? lost() : reject(error)));
  });
}
