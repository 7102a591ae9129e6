import { formatBytes, formatLeft, formatPercent, fraction } from '../src/figures/format.ts';
import { advance, type Pace } from '../src/figures/pace.ts';
import type { Io } from './io.ts';

/** Lines are renewed at most so often, ms. */
const renewMs = 100;

/** How far something is, renewed in place on a terminal, and nothing at all elsewhere (SPEC CLI-15). */
export interface Progress {
  /** `bytes` of `total` are done; without a total only the words are shown. */
  show(words: string, bytes?: number, total?: number): void;
  /** Takes the line away. */
  end(): void;
}

export function progressOn({ stderrIsTty, columns, renew }: Pick<Io, 'stderrIsTty' | 'columns' | 'renew'>): Progress {
  let pace: Pace | undefined;
  let shownMs = -Infinity;
  if (!stderrIsTty) return { show: () => undefined, end: () => undefined };
  return {
    show(words, bytes, total) {
      const nowMs = performance.now();
      if (bytes !== undefined && total !== undefined) pace = advance(pace, nowMs, bytes, total);
      if (nowMs - shownMs < renewMs) return;
      shownMs = nowMs;
      renew(cut(lineOf(words, pace, bytes, total), columns - 1));
    },
    end: () => renew(''),
  };
}

function lineOf(words: string, pace: Pace | undefined, bytes: number | undefined, total: number | undefined): string {
  if (bytes === undefined || total === undefined) return words;
  const share = fraction(bytes, total);
  const parts = [
    words,
    share === undefined ? undefined : formatPercent(share),
    `${formatBytes(bytes)} of ${formatBytes(total)}`,
    pace === undefined || pace.bytesPerSecond === 0 ? undefined : `${formatBytes(pace.bytesPerSecond)}/s`,
    pace?.leftMs === undefined ? undefined : `${formatLeft(pace.leftMs)} left`,
  ];
  return parts.filter((part) => part !== undefined).join('  ');
}

/** A line longer than the terminal could not be renewed in place. */
const cut = (line: string, columns: number): string => (line.length <= columns ? line : `${line.slice(0, columns - 1)}…`);
