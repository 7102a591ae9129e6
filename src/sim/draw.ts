import type { Random } from '../peer/ports.ts';

/** A number from 0 up to and without 1. */
export function fraction(random: Random): number {
  const [a, b, c, d] = random.bytes(4);
  return (a! * 0x1_00_00_00 + b! * 0x1_00_00 + c! * 0x1_00 + d!) / 0x1_00_00_00_00;
}

/** A whole number below `count`, which is at least 1. */
export const below = (count: number, random: Random): number => Math.floor(fraction(random) * count);

/** From half of `mean` to one and a half of it. */
export const around = (mean: number, random: Random): number => mean * (0.5 + fraction(random));
