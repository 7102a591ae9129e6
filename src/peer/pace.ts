/** No read is late sooner than this. */
const lateMsMin = 1_000;
/** Nor before this many times what reads take. */
const lateFactor = 3;
/** Reads whose time is remembered. */
const recentMax = 32;
/** Reads that may count as late before any was answered, and one more for so many answers. */
const lateAtFirst = 4;
const answersPerLate = 8;

/** When a read is late, by what the last reads took, ms: after 1 s, or three times their median where that is longer (SPEC READ-9). */
export function lateAfterMs(recentMs: readonly number[]): number {
  const median = recentMs.toSorted((a, b) => a - b)[Math.floor(recentMs.length / 2)] ?? 0;
  return Math.max(lateMsMin, lateFactor * median);
}

/** How many reads may have counted as late after so many answers: on a slow network all are, and hedging would only add to its load. */
export function lateReadsMax(answers: number): number {
  return lateAtFirst + Math.floor(answers / answersPerLate);
}

/** What reads of one opened link take, and who keeps them waiting. */
export interface Pace {
  /** How long a read that begins now may take before it is late, ms. */
  lateAfterMs(): number;
  /** A read was answered in full. */
  answered(node: string, tookMs: number): void;
  /** A read came to nothing, or to wrong bytes. */
  failed(node: string): void;
  /** A read waits longer than it may. False when too many were called late already. */
  callLate(node: string): boolean;
  /** Whether a read of this holder was late or failed, and none has been in time since. */
  isDoubtful(node: string): boolean;
}

export function createPace(): Pace {
  const recentMs: number[] = [];
  const doubtful = new Set<string>();
  let answers = 0;
  let late = 0;

  return {
    lateAfterMs: () => lateAfterMs(recentMs),
    answered(node, tookMs) {
      if (tookMs <= lateAfterMs(recentMs)) doubtful.delete(node);
      answers++;
      recentMs.push(tookMs);
      if (recentMs.length > recentMax) recentMs.shift();
    },
    failed: (node) => void doubtful.add(node),
    callLate(node) {
      if (late >= lateReadsMax(answers)) return false;
      late++;
      doubtful.add(node);
      return true;
    },
    isDoubtful: (node) => doubtful.has(node),
  };
}
