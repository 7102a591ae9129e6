import type { Verdict } from '../core/errors.ts';

/** Verdicts remembered per peer, and peers with any. */
const perPeerMax = 10;
const peersMax = 1_000;

/** The peers found to misbehave, and why: in words, newest last. */
export interface Marks {
  /** Whether the verdict is new. */
  add(verdict: Verdict): boolean;
  of(node: string): readonly string[];
  has(node: string): boolean;
}

export function createMarks(): Marks {
  const marks = new Map<string, readonly string[]>();
  return {
    add({ node, reason, detail }) {
      const known = marks.get(node) ?? [];
      const words = `${reason}: ${detail}`;
      if (known.includes(words)) return false;
      const [oldest] = marks.keys();
      if (marks.size >= peersMax && oldest !== undefined && known.length === 0) marks.delete(oldest);
      marks.set(node, [...known, words].slice(-perPeerMax));
      return true;
    },
    of: (node) => marks.get(node) ?? [],
    has: (node) => marks.has(node),
  };
}
