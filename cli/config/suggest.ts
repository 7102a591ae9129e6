/** The candidate that `word` was probably meant to be, by edit distance; undefined when none is near. Case and dashes do not count. */
export function closest(word: string, candidates: Iterable<string>): string | undefined {
  const wanted = plain(word);
  let best: { readonly candidate: string; readonly distance: number } | undefined;
  for (const candidate of candidates) {
    const distance = distanceBetween(wanted, plain(candidate));
    if (distance < (best?.distance ?? Number.POSITIVE_INFINITY)) best = { candidate, distance };
  }
  return best?.candidate;
}

/** Of a whole dotted key, or of its last part alone: `port` is near `server.port` though it stands in another place. Infinite past a third. */
function distanceBetween(wanted: string, known: string): number {
  const [[place, name], [knownPlace, knownName]] = [parted(wanted), parted(known)];
  const distance = editDistance(name, knownName);
  if (distance <= Math.max(1, name.length / 3)) return distance + (place === knownPlace ? 0 : 0.5);
  const whole = editDistance(wanted, known);
  return whole <= Math.max(1, wanted.length / 6) ? whole : Number.POSITIVE_INFINITY;
}

const plain = (word: string): string => word.toLowerCase().replaceAll(/[-_]/g, '');

function parted(key: string): [place: string, name: string] {
  const dot = key.lastIndexOf('.');
  return [key.slice(0, Math.max(0, dot)), key.slice(dot + 1)];
}

/** Letters inserted, removed, replaced or swapped with their neighbour on the way from `a` to `b` (optimal string alignment). */
export function editDistance(a: string, b: string): number {
  let before: number[] = [];
  let above = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      let least = Math.min(above[j]! + 1, row[j - 1]! + 1, above[j - 1]! + same);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) least = Math.min(least, before[j - 2]! + 1);
      row.push(least);
    }
    [before, above] = [above, row];
  }
  return above[b.length]!;
}
