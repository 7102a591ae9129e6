/** What befalls frames, and dials, on their way from some peers to others. A side that is left out means everyone. */
export interface Trouble {
  readonly from?: ReadonlySet<string>;
  readonly to?: ReadonlySet<string>;
  /** Nothing gets through: it waits for the end of the trouble, or of the link. Nobody can be dialled. */
  readonly blocked?: true;
  /** So much later than usual, ms. */
  readonly extraMs?: number;
  /** No faster than this. */
  readonly bytesPerSecond?: number;
  /** Why a dial fails before it opens: it does not when undefined is returned. */
  readonly failsDial?: (from: string, to: string) => string | undefined;
}

/** The troubles of a network now. */
export interface Conditions {
  /** Begins a trouble; the returned function ends it. */
  begin(trouble: Trouble): () => void;
  isBlocked(from: string, to: string): boolean;
  /** Over all troubles, ms. */
  extraMs(from: string, to: string): number;
  /** Of all troubles the least; Infinity without any. */
  bytesPerSecond(from: string, to: string): number;
  failsDial(from: string, to: string): string | undefined;
}

/** @param changed told after each change */
export function createConditions(changed: () => void): Conditions {
  // Few at a time, and none nearly always: frames ask this list each time.
  const troubles = new Set<Trouble>();
  const of = (from: string, to: string): Trouble[] =>
    [...troubles].filter((each) => each.from?.has(from) !== false && each.to?.has(to) !== false);

  return {
    begin(trouble) {
      troubles.add(trouble);
      changed();
      return () => {
        if (troubles.delete(trouble)) changed();
      };
    },
    isBlocked: (from, to) => troubles.size > 0 && of(from, to).some(({ blocked }) => blocked === true),
    extraMs: (from, to) => (troubles.size === 0 ? 0 : of(from, to).reduce((sum, { extraMs = 0 }) => sum + extraMs, 0)),
    bytesPerSecond: (from, to) =>
      troubles.size === 0
        ? Infinity
        : of(from, to).reduce((least, { bytesPerSecond = Infinity }) => Math.min(least, bytesPerSecond), Infinity),
    failsDial(from, to) {
      for (const { failsDial } of of(from, to)) {
        const reason = failsDial?.(from, to);
        if (reason !== undefined) return reason;
      }
      return undefined;
    },
  };
}
