/** Bytes in one of each unit. Decimal and binary prefixes differ, as IEC 80000-13 has them; a bare `K`, `M` or `G` would leave it open. */
const unitBytes: Readonly<Record<string, number>> = {
  '': 1,
  B: 1,
  KB: 1e3,
  MB: 1e6,
  GB: 1e9,
  TB: 1e12,
  KIB: 2 ** 10,
  MIB: 2 ** 20,
  GIB: 2 ** 30,
  TIB: 2 ** 40,
};

/** Bytes of a size such as `10GB`, `500 MB`, `2GiB`, `1.5 TB` or `4096`; undefined when the text is none. `Mb` is none: it means bits. */
export function parseSize(text: string): number | undefined {
  const match = /^\s*(\d+(?:\.\d+)?)\s*([A-Za-z]*)\s*$/.exec(text);
  if (match === null || /[A-Z]i?b$/.test(match[2]!)) return undefined;
  const unit = unitBytes[match[2]!.toUpperCase()];
  if (unit === undefined) return undefined;
  const bytes = Math.round(Number(match[1]) * unit);
  return Number.isSafeInteger(bytes) ? bytes : undefined;
}

/** Bytes a second of a rate such as `5MB/s` or `800 kB/s`; a bare number is bytes a second. Undefined when the text is none. */
export function parseRate(text: string): number | undefined {
  const match = /^(.*?)(?:\s*\/\s*s)?\s*$/.exec(text);
  return parseSize(match![1]!);
}
