import { concatBytes } from '../bytes/compare.ts';
import { bigEndian } from '../bytes/integers.ts';
import { fromHex } from '../bytes/text.ts';
import { sha256 } from '../crypto/hash.ts';

/**
 * Weighted rendezvous score of a holder for one shard (SPEC PLACE-2): -w / ln(u), u uniform in (0, 1) from
 * H(contentRoot || segment u32 || shard u8 || NodeId). Highest wins; a holder wins in proportion to its weight, and one that
 * comes or goes moves only its own share (Thaler and Ravishankar 1998; weighted form by Schindelhauer and Schomaker 2005).
 */
export function rendezvousScore(weight: number, contentRoot: string, segment: number, shard: number, node: string): number {
  const digest = sha256(concatBytes(fromHex(contentRoot), bigEndian(segment, 4), bigEndian(shard, 1), fromHex(node)));
  const view = new DataView(digest.buffer, digest.byteOffset);
  // 52 bits plus a half: never 0, never 1.
  const u = (view.getUint32(0) * 2 ** 20 + (view.getUint32(4) >>> 12) + 0.5) / 2 ** 52;
  return -weight / Math.log(u);
}

/** XOR distance of two ids as something to sort by: hex text of equal length, so text order is numeric order. */
export function xorDistance(a: string, b: string): string {
  let distance = '';
  for (let i = 0; i < a.length; i++) distance += (Number.parseInt(a[i]!, 16) ^ Number.parseInt(b[i]!, 16)).toString(16);
  return distance;
}

/** The `count` ids closest to `target` by XOR, nearest first (SPEC REC-3). */
export function closest(target: string, ids: readonly string[], count: number): string[] {
  const ranked = ids.map((id) => ({ id, distance: xorDistance(target, id) }));
  ranked.sort((a, b) => (a.distance < b.distance ? -1 : a.distance > b.distance ? 1 : 0));
  return ranked.slice(0, count).map(({ id }) => id);
}
