/** Figures as text. Units are decimal; a no-break space stands before each unit, so that no figure is torn from it. */

const nbsp = '\u00a0';
const byteUnits = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'] as const;

/** At most three significant digits: 999 B, 1.25 kB, 20 MB. Negative and unreal numbers read as 0 B. */
export function formatBytes(bytes: number): string {
  let value = Number.isFinite(bytes) && bytes > 0 ? bytes : 0;
  let unit = 0;
  // 999.5 would be written as 1000: it belongs to the next unit.
  while (value >= 999.5 && unit < byteUnits.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${Number(value.toPrecision(3))}${nbsp}${byteUnits[unit]}`;
}

/** A part of a whole from 0 to 1; undefined when the whole is not known yet. */
export function fraction(part: number, whole: number): number | undefined {
  if (!Number.isFinite(part) || !Number.isFinite(whole) || whole <= 0) return undefined;
  return Math.min(1, Math.max(0, part / whole));
}

/** Rounded down: "100 %" is said only of what is complete. */
export function formatPercent(share: number): string {
  return `${Math.floor(share * 100)}${nbsp}%`;
}

/** The two largest units of a duration: 4 s, 3 min 20 s, 2 h 5 min, 3 d 1 h. */
export function formatDuration(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const parts: readonly (readonly [number, string])[] = [
    [Math.floor(seconds / 86_400), 'd'],
    [Math.floor(seconds / 3600) % 24, 'h'],
    [Math.floor(seconds / 60) % 60, 'min'],
    [seconds % 60, 's'],
  ];
  const first = parts.findIndex(([count]) => count > 0);
  if (first === -1) return `0${nbsp}s`;
  return parts
    .slice(first, first + 2)
    .filter(([count]) => count > 0)
    .map(([count, unit]) => `${count}${nbsp}${unit}`)
    .join(' ');
}

/** A time left, in steps that the eye can follow: 8 s, 25 s, 1 min 10 s, 2 h 5 min. */
export function formatLeft(ms: number): string {
  const seconds = Math.max(0, Math.ceil(ms / 1000));
  const step = seconds < 10 ? 1 : seconds < 60 ? 5 : 10;
  return formatDuration(Math.ceil(seconds / step) * step * 1000);
}

/** A day: 3 Dec 2026. */
export function formatDay(ms: number): string {
  return new Date(ms).toLocaleDateString('en-GB', { day: 'numeric', month: 'short', year: 'numeric' });
}

/** How long ago, in one unit: just now, 3 min ago, 2 h ago, 5 d ago. A moment in the future reads as just now. */
export function formatAgo(thenMs: number, nowMs: number): string {
  const minutes = Math.floor((nowMs - thenMs) / 60_000);
  if (minutes < 1) return 'just now';
  if (minutes < 60) return `${minutes}${nbsp}min ago`;
  if (minutes < 24 * 60) return `${Math.floor(minutes / 60)}${nbsp}h ago`;
  return `${Math.floor(minutes / (24 * 60))}${nbsp}d ago`;
}

/** Local time of day with seconds, 24 hours. */
export function formatTime(ms: number): string {
  return new Date(ms).toLocaleTimeString('en-GB');
}

/** The first 8 hex digits: enough to tell peers apart by eye. */
export function shortId(node: string): string {
  return node.slice(0, 8);
}
