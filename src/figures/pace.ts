/** How fast a transfer moves and how long it will take: a fold over what was seen of it, without a clock of its own (SPEC UI-14). */
export interface Pace {
  /** What was seen, oldest first: times in ms and bytes done by then. */
  readonly seen: readonly Seen[];
  readonly bytesPerSecond: number;
  /** Time left in ms; undefined while too little was seen, and while nothing moves. */
  readonly leftMs?: number;
}

interface Seen {
  readonly ms: number;
  readonly bytes: number;
}

/** Between two figures, so that they can be read. */
const stepMs = 500;
/** What is older counts no more. */
const windowMs = 30_000;
/** The speed shown is that of the last seconds. */
const speedMs = 5_000;
/** Less is no base for a forecast; for one with a trend it takes more. */
const forecastMs = 3_000;
const trendMs = 6_000;
/** A trend makes a forecast at most so many times longer or shorter. */
const trendFactorMax = 6;
/** A slope must be so many times its own standard error to be called a trend. */
const trendErrors = 4;
/** The time left never grows by more than this at once. */
const growthMax = 1.1;

/** Takes in that `bytes` of `total` are done at `nowMs`. What goes back was begun anew. */
export function advance(pace: Pace | undefined, nowMs: number, bytes: number, total: number): Pace {
  const last = pace?.seen.at(-1);
  if (pace === undefined || last === undefined || bytes < last.bytes || nowMs < last.ms) {
    return { seen: [{ ms: nowMs, bytes }], bytesPerSecond: 0 };
  }
  if (nowMs - last.ms < stepMs) return pace;
  const seen = [...pace.seen.filter(({ ms }) => nowMs - ms <= windowMs), { ms: nowMs, bytes }];
  const bytesPerSecond = speed(seen, speedMs);
  const forecast = bytesPerSecond === 0 ? undefined : forecastOf(seen, Math.max(0, total - bytes));
  if (forecast === undefined) return { seen, bytesPerSecond };
  return { seen, bytesPerSecond, leftMs: Math.min(forecast, (pace.leftMs ?? forecast) * growthMax) };
}

/** Mean bytes per second of the last `spanMs`. */
function speed(seen: readonly Seen[], spanMs: number): number {
  const last = seen[seen.length - 1]!;
  const first = seen.find(({ ms }) => last.ms - ms <= spanMs) ?? last;
  // Nothing seen for longer than the span: the time before the last step is all there is to go by.
  const from = first === last ? seen[Math.max(0, seen.length - 2)]! : first;
  return last.ms === from.ms ? 0 : ((last.bytes - from.bytes) * 1000) / (last.ms - from.ms);
}

/** Time left in ms for `remaining` bytes, at the rate as it is and, where there is one, with its trend. */
function forecastOf(seen: readonly Seen[], remaining: number): number | undefined {
  const spanMs = seen[seen.length - 1]!.ms - seen[0]!.ms;
  if (spanMs < forecastMs || seen.length < 4) return undefined;
  const steadyMs = (1000 * remaining) / speed(seen, Math.min(windowMs, 2 * speedMs));
  if (!Number.isFinite(steadyMs)) return undefined;
  const trend = spanMs < trendMs ? undefined : trendOf(seen);
  if (trend === undefined) return steadyMs;
  const ms = 1000 * secondsUntil(remaining, trend);
  return Number.isFinite(ms) ? Math.min(steadyMs * trendFactorMax, Math.max(steadyMs / trendFactorMax, ms)) : steadyMs;
}

/** Bytes per second now, and half of how much that grows each second. */
interface Trend {
  readonly rate: number;
  readonly bend: number;
}

/** Seconds until `remaining` bytes have come at `rate` with `bend`; NaN when they never do. */
function secondsUntil(remaining: number, { rate, bend }: Trend): number {
  return (2 * remaining) / (rate + Math.sqrt(rate * rate + 4 * bend * remaining));
}

/** The parabola that fits best (least squares over seconds before now); undefined when its bend cannot be told from chance. */
function trendOf(seen: readonly Seen[]): Trend | undefined {
  const last = seen[seen.length - 1]!;
  const points = seen.map(({ ms, bytes }) => ({ x: (ms - last.ms) / 1000, y: bytes - last.bytes }));
  const power = (n: number): number => points.reduce((sum, { x }) => sum + x ** n, 0);
  const moment = (n: number): number => points.reduce((sum, { x, y }) => sum + y * x ** n, 0);
  const [s0, s1, s2, s3, s4] = [power(0), power(1), power(2), power(3), power(4)];
  const [t0, t1, t2] = [moment(0), moment(1), moment(2)];
  const determinant = s0 * (s2 * s4 - s3 * s3) - s1 * (s1 * s4 - s2 * s3) + s2 * (s1 * s3 - s2 * s2);
  const bend = (s0 * (s2 * t2 - s3 * t1) - s1 * (s1 * t2 - s3 * t0) + s2 * (s1 * t1 - s2 * t0)) / determinant;
  const rate = (s0 * (t1 * s4 - s3 * t2) - t0 * (s1 * s4 - s2 * s3) + s2 * (s1 * t2 - t1 * s2)) / determinant;
  const start = (t0 - rate * s1 - bend * s2) / s0;
  const errors = points.reduce((sum, { x, y }) => sum + (y - start - rate * x - bend * x * x) ** 2, 0);
  const standardError = Math.sqrt(((errors / (points.length - 3)) * (s0 * s2 - s1 * s1)) / determinant);
  return rate > 0 && Math.abs(bend) > trendErrors * standardError ? { rate, bend } : undefined;
}
