import { commands } from 'vitest/browser';
import { figures, figuresFile, type Measured } from './figures.ts';

/** Hands the figures of a bench in the browser to tools/bench.mjs, which prints them. */
export async function report(bench: string, measured: readonly Measured[]): Promise<void> {
  await commands.writeFile(figuresFile(bench), figures(measured));
}
