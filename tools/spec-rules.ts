/** The rules a test file says it tests: the ids in brackets that begin the names of tests, `[CBOR-1]` or `[CBOR-1, CBOR-2]`. */
export function citedRules(testText: string): string[] {
  const lists = [...testText.matchAll(/['"`]\[((?:[A-Z][A-Z0-9]*-\d+)(?:, ?[A-Z][A-Z0-9]*-\d+)*)\]/g)];
  return [...new Set(lists.flatMap(([, list]) => list!.split(/, ?/)))];
}

/** The rules a specification lays down: the ids in bold or brackets that begin a line, after the mark of a list or a heading. */
export function statedRules(specText: string): string[] {
  return [...specText.matchAll(/^(?:\s*(?:[-*]|\d+\.|#+)\s+)?(?:\*\*|\[){1,2}([A-Z][A-Z0-9]*-\d+)\b/gm)].map(([, id]) => id!);
}
