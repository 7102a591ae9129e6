import { fromHex } from '../../src/core/bytes/text.ts';

/** JSON with every `{"hex": …}` in it as bytes: README.md, format-1. */
export function revived<T>(json: unknown): T {
  return revive(json) as T;
}

function revive(json: unknown): unknown {
  if (typeof json !== 'object' || json === null) return json;
  if (Array.isArray(json)) return json.map(revive);
  if ('hex' in json && typeof json.hex === 'string') return fromHex(json.hex);
  return Object.fromEntries(Object.entries(json).map(([name, each]) => [name, revive(each)]));
}
