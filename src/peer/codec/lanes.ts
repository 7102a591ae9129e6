/**
 * Calls to the engine's cryptography at once. More gain nothing (an engine may compute small ones on the calling thread), and a thread that
 * has issued a whole stripe of them reads nothing meanwhile.
 */
export const callsAtOnce = 8;

/**
 * Runs `each` for 0 … count - 1 in order, at most `lanes` at once, so that one reads while another computes and memory stays bounded.
 * After a failure nothing new starts; the first failure is thrown when all that ran have ended.
 */
export async function inLanes(count: number, lanes: number, each: (index: number) => Promise<unknown>): Promise<void> {
  let next = 0;
  const lane = async (): Promise<void> => {
    try {
      while (next < count) await each(next++);
    } catch (error) {
      next = count;
      throw error;
    }
  };
  const ended = await Promise.allSettled(Array.from({ length: lanes }, lane));
  const failed = ended.find((result) => result.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
}
