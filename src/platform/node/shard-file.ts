import { createHash } from 'node:crypto';
import { bigEndian, fromBigEndian } from '../../core/bytes/integers.ts';
import { concatBytes, equalBytes } from '../../core/bytes/compare.ts';
import { fromHex, toHex, toUtf8 } from '../../core/bytes/text.ts';
import { ShoalError } from '../../core/errors.ts';
import { hashBytes, leafCount } from '../../core/merkle/tree.ts';
import { placeKey, shardBytesMax } from '../../core/storage/shard.ts';
import type { Place, ShardMeta } from '../../peer/ports.ts';

/**
 * A shard as one file (SPEC FILE-2): a header that says all about it, then its bytes. All integers are big-endian.
 *
 *   magic "SHOALSHD" 8 · format u32 = 1 · contentRoot 32 · segment u32 · shard u32 · length u32 · lease u64 · root 32 · owner 32
 *   · digests 32 for each leaf · H(everything before) 32 · the shard's bytes
 */

const magic = toUtf8('SHOALSHD');
const format = 1;
/** Magic, format and the fields of one length. */
const fixedBytes = 8 + 4 + 32 + 4 + 4 + 4 + 8 + 32 + 32;
const uint32Max = 0xffff_ffff;

/** Bytes of the header of a shard of `length` bytes, and so the offset of its first byte. */
export const headerBytesOf = (length: number): number => fixedBytes + hashBytes * leafCount(length) + hashBytes;

/** Bytes of the longest header. */
export const headerBytesMax = headerBytesOf(shardBytesMax);

/** H, on Node's own engine: a scan hashes a header for each shard held. */
const hash = (bytes: Uint8Array): Uint8Array => createHash('sha256').update(bytes).digest();

/** Where the file of a shard lies and what it is. */
export interface ShardFile {
  readonly place: Place;
  /** Bytes of the shard. */
  readonly length: number;
}

/**
 * Name of a shard's file below the store's folder: `aa/<contentRoot>.<segment>.<shard>.<length>.shard-<format>`, with aa the first byte of
 * the place's hash, so that no folder gets all. It says what a start needs, so that one need not open a hundred thousand files for it.
 */
export function fileNameOf({ place, length }: ShardFile): string {
  const folder = toHex(hash(toUtf8(placeKey(place))).subarray(0, 1));
  return `${folder}/${place.contentRoot}.${place.segment}.${place.shard}.${length}.shard-${format}`;
}

const fileName = /^[0-9a-f]{2}\/([0-9a-f]{64})\.(\d{1,10})\.(\d{1,10})\.(\d{1,7})\.shard-(\d{1,5})$/;

/** What a file of this name is; undefined for a name that no shard has. Throws `too-new` for one of a later format. */
export function parseFileName(name: string): ShardFile | undefined {
  const [, contentRoot, segment, shard, length, written] = fileName.exec(name) ?? [];
  if (contentRoot === undefined) return undefined;
  if (Number(written) > format)
    throw new ShoalError('too-new', `${name} was stored by a newer Shoal. Run that one on this home, or choose another home.`);
  const file = { place: { contentRoot, segment: Number(segment), shard: Number(shard) }, length: Number(length) };
  // One spelling per place, in one folder: else two files could be one shard.
  return fileNameOf(file) === name && file.length >= 1 && file.length <= shardBytesMax ? file : undefined;
}

/** Throws `bad-input` for a place that a header cannot hold. */
export function requirePlace({ contentRoot, segment, shard }: Place): void {
  const isUint32 = (value: number): boolean => Number.isInteger(value) && value >= 0 && value <= uint32Max;
  if (!/^[0-9a-f]{64}$/.test(contentRoot) || !isUint32(segment) || !isUint32(shard))
    throw new ShoalError('bad-input', 'This is no place of a shard.');
}

/** The header of a shard whose metadata was checked (requireMetaOf, requirePlace). */
export function encodeHeader(meta: ShardMeta): Uint8Array {
  const fields = concatBytes(
    magic,
    bigEndian(format, 4),
    fromHex(meta.contentRoot),
    bigEndian(meta.segment, 4),
    bigEndian(meta.shard, 4),
    bigEndian(meta.length, 4),
    bigEndian(meta.lease, 8),
    meta.root,
    meta.owner,
    meta.digests,
  );
  return concatBytes(fields, hash(fields));
}

/**
 * What the header at the beginning of `bytes` says.
 * Throws `too-new` for a format that a later Shoal wrote, and `integrity` for whatever is no whole header.
 */
export function decodeHeader(bytes: Uint8Array): ShardMeta {
  if (!equalBytes(bytes.subarray(0, 8), magic)) throw damaged('it does not begin as a shard');
  const read = reader(bytes, 8);
  const written = fromBigEndian(read(4));
  if (written > format) throw new ShoalError('too-new', `format ${written} of shards is of a newer Shoal`);
  const [contentRoot, segment, shard] = [toHex(read(32)), fromBigEndian(read(4)), fromBigEndian(read(4))];
  const [length, lease] = [fromBigEndian(read(4)), fromBigEndian(read(8))];
  if (length < 1 || length > shardBytesMax || !Number.isSafeInteger(lease)) throw damaged('its header is not whole');
  const [root, owner, digests] = [read(32), read(32), read(hashBytes * leafCount(length))];
  const fieldBytes = headerBytesOf(length) - hashBytes;
  if (!equalBytes(read(hashBytes), hash(bytes.subarray(0, fieldBytes)))) throw damaged('its header is not whole');
  return { contentRoot, segment, shard, length, lease, root, owner, digests };
}

/** Takes copies of consecutive bytes; past the end they are too few, and no hash fits them. */
function reader(bytes: Uint8Array, start: number): (length: number) => Uint8Array {
  let at = start;
  return (length) => bytes.slice(at, (at += length));
}

function damaged(why: string): ShoalError {
  return new ShoalError('integrity', `This is no shard: ${why}.`);
}
