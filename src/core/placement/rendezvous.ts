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
