/** One side of a ratio: measures itself once, for one window, and resolves with its figure: a speed, or a time. */
export type Side = () => Promise<number>;

export interface Windows<Name extends string> {
  /** The figures of each side, in the order of the windows. */
  readonly samples: Readonly<Record<Name, readonly number[]>>;
  /** One side's figure divided by another's, window by window. */
  by(side: Name, other: Name): number[];
}

export interface InterleavedOptions {
  /** How many figures to take of each side. At least 5, since one window says nothing on a machine that is shared. Default 5. */
  readonly windows?: number;
  /** Whether each side runs once before, uncounted. Default true; false where what is asked for is the cold start. */
  readonly warmUp?: boolean;
}

/** The fewest windows from which a ratio is taken. */
export const windowsMin = 5;

/**
 * Measures sides that are to be compared, in one process or page: one after the other within each window, in an order that turns
 * from window to window, so that what the machine does besides, and what the sides do to each other, falls on all alike.
 * Runs in Node and in a page.
 */
export async function interleaved<Name extends string>(
  sides: Readonly<Record<Name, Side>>,
  { windows = windowsMin, warmUp = true }: InterleavedOptions = {},
): Promise<Windows<Name>> {
  if (windows < windowsMin) throw new RangeError(`${windows} windows are fewer than ${windowsMin}`);
  const names = Object.keys(sides) as Name[];
  const samples = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<Name, number[]>;
  if (warmUp) for (const name of names) await sides[name]();
  for (let window = 0; window < windows; window++) {
    const turn = window % names.length;
    for (const name of [...names.slice(turn), ...names.slice(0, turn)]) samples[name].push(await sides[name]());
  }
  return {
    samples,
    by: (side, other) => samples[side].map((figure, window) => figure / samples[other][window]!),
  };
}

/**
 * Whether `npm run bench -- --quick` is what runs: to see that a bench works, and roughly what it says. A bench then takes less
 * data, an eighth or so, and leaves out what only takes long, but gives all its figures, each of at least 5 windows. Runs in Node
 * and in a page.
 */
export function quick(): boolean {
  return import.meta.env['SHOAL_BENCH_QUICK'] === '1';
}
