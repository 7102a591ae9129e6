import { knockAfterMs, redialMaxMs, redialMinMs } from '../../core/wire/limits.ts';
import type { Random } from '../ports.ts';

/**
 * How long to wait after the `failures`-th failure in a row, ms: 1 s doubling up to 60 s, of which a random half is left out, so that
 * peers who lost each other together do not come back together.
 */
export function redialDelayMs(failures: number, random: Random): number {
  return jittered(Math.min(redialMaxMs, redialMinMs * 2 ** Math.min(failures - 1, 16)), random);
}

/** How long to wait before the `knocks`-th knock after the first (0), which comes after 3 s sharp. */
export function knockDelayMs(knocks: number, random: Random): number {
  return knocks === 0 ? knockAfterMs : jittered(Math.min(redialMaxMs, 2 * knockAfterMs * 2 ** Math.min(knocks - 1, 16)), random);
}

function jittered(ms: number, random: Random): number {
  return ms * (1 - random.bytes(1)[0]! / 512);
}
