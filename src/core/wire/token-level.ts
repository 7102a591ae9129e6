/** How often something may happen: `burst` at once, refilled at `perSecond`. */
export interface Rate {
  readonly perSecond: number;
  readonly burst: number;
}

/** Milliseconds of any clock. */
export type Now = () => number;

/** The tokens of a bucket that refills by itself; full at the start. What takes more than there are leaves it owing. */
export interface TokenLevel {
  /** Tokens left, parts of one included; negative while some are owed. */
  left(): number;
  /** Takes tokens, or gives them back where `count` is negative. */
  spend(count: number): void;
}

export function tokenLevel({ perSecond, burst }: Rate, now: Now): TokenLevel {
  let tokens = burst;
  let countedMs = now();
  const left = (): number => {
    const nowMs = now();
    // A clock that is set back gives nothing, and takes nothing either.
    tokens = Math.min(burst, tokens + (Math.max(0, nowMs - countedMs) / 1_000) * perSecond);
    countedMs = nowMs;
    return tokens;
  };
  return { left, spend: (count) => void (tokens = left() - count) };
}
