import { describe, expect, test } from 'vitest';
import { concatBytes } from '../../src/core/bytes/compare.ts';
import { fromHex, toHex } from '../../src/core/bytes/text.ts';
import { chunkBytes, chunkCount, chunkNonce, headBytes, sealedChunkBytes, sealedRange } from '../../src/core/crypto/chunks.ts';
import { chunkKeys, contentKey, objectKeys } from '../../src/core/crypto/keys.ts';
import { excerptOf, headExcerpt } from '../../src/core/object/excerpt.ts';
import { encodeHeader, type Header, streamLength } from '../../src/core/object/header.ts';
import { createUnsealer, type Unsealer } from '../../src/peer/codec/unseal.ts';
import type { Crypto } from '../../src/peer/ports.ts';
import { nobleCrypto } from '../../src/platform/memory/crypto.ts';
import { webCrypto } from '../../src/platform/web-crypto.ts';
import { bytesOf, hashOf, type Stream, vectors } from './vectors.ts';

interface Base {
  readonly ws: string;
  readonly version: number;
  readonly salt: string;
  readonly file: Stream;
  readonly header: Header;
  readonly ciphertextSha256: string;
}
interface OpenCase {
  readonly reason: string;
  readonly why: string;
  readonly length: number;
  readonly sha256: string;
  readonly keep?: number;
  readonly flip?: number;
  readonly append?: string;
  readonly exchange?: readonly [number, number];
  readonly remove?: number;
  readonly stream?: readonly [head: string, file: string, zeros: number, tail: string];
}

const { base, cases } = vectors<{ base: Base; cases: readonly OpenCase[] }>('open');
const { objectKey, readKey } = objectKeys(fromHex(base.ws));
const noble = nobleCrypto();
const good = await sealStream(paddedStream());

const ruleOf: Readonly<Record<string, string>> = {
  commitment: 'OPEN-1',
  truncated: 'OPEN-2',
  authentication: 'OPEN-3',
  'authentication|truncated': 'OPEN-3',
  stream: 'OPEN-4',
  cbor: 'OPEN-4',
  'stream|cbor': 'OPEN-4',
};

describe.each([
  ['noble', noble],
  ['WebCrypto', webCrypto(globalThis.crypto.subtle)],
] as const)('open.json with %s', (_, crypto) => {
  test.each([41_064, 10_000, 16_400, 1])('[OPEN-4, ENC-3] the base opens in pieces of %i bytes', async (pieceBytes) => {
    expect(hashOf(good)).toBe(base.ciphertextSha256);
    const { file, unsealer } = await open(good, pieceBytes, crypto);
    expect(toHex(file)).toBe(toHex(bytesOf(base.file)));
    expect(unsealer.header).toEqual(base.header);
  });

  test.each(cases.map((each) => ({ ...each, rule: ruleOf[each.reason] })))('[$rule] refuses: $why', async (each) => {
    const ciphertext = await edited(each);
    expect(hashOf(ciphertext)).toBe(each.sha256);
    await expect(open(ciphertext, 20_000, crypto)).rejects.toMatchObject({ code: 'integrity' });
  });
});

/** As a reader does it: the head first, then all of the file. */
async function open(ciphertext: Uint8Array, pieceBytes: number, crypto: Crypto): Promise<{ file: Uint8Array; unsealer: Unsealer }> {
  const unsealer = createUnsealer({ objectKey, readKey, version: base.version, ciphertextLength: ciphertext.length }, crypto);
  const pushed = async (end: number): Promise<Uint8Array> => {
    const parts: Uint8Array[] = [];
    for (let at = 0; at < end; at += pieceBytes) parts.push(await unsealer.push([ciphertext.subarray(at, Math.min(at + pieceBytes, end))]));
    return concatBytes(...parts);
  };
  expect(await pushed(sealedRange(headExcerpt.chunks, ciphertext.length).end)).toEqual(new Uint8Array(0));
  unsealer.begin(excerptOf(unsealer.header!, undefined));
  return { file: await pushed(ciphertext.length), unsealer };
}

function paddedStream(): Uint8Array {
  const content = concatBytes(encodeHeader(base.header), bytesOf(base.file));
  return concatBytes(content, new Uint8Array(streamLength(base.header) - content.length));
}

/** A ciphertext of any stream at all: what a malicious owner could seal. */
async function sealStream(stream: Uint8Array): Promise<Uint8Array> {
  const salt = fromHex(base.salt);
  const keys = chunkKeys(contentKey(readKey, base.version), salt, objectKey, base.version);
  const aead = await noble.aesGcm(keys.key);
  const chunks = Array.from({ length: chunkCount(stream.length) }, (_, i) =>
    aead.seal(chunkNonce(keys.nonce, i), stream.subarray(i * chunkBytes, (i + 1) * chunkBytes)),
  );
  return concatBytes(salt, keys.commitment, ...(await Promise.all(chunks)));
}

/** The ciphertext of a case, by the notation of README.md. */
async function edited({ keep, flip, append, exchange, remove, stream }: OpenCase): Promise<Uint8Array> {
  if (stream !== undefined) {
    const [head, file, zeros, tail] = stream;
    return sealStream(concatBytes(fromHex(head), fromHex(file), new Uint8Array(zeros), fromHex(tail)));
  }
  const chunks = Array.from({ length: Math.ceil((good.length - headBytes) / sealedChunkBytes) }, (_, i) =>
    good.slice(headBytes + i * sealedChunkBytes, headBytes + (i + 1) * sealedChunkBytes),
  );
  if (exchange !== undefined) {
    const [a, b] = exchange;
    [chunks[a], chunks[b]] = [chunks[b]!, chunks[a]!];
  }
  if (remove !== undefined) chunks.splice(remove, 1);
  const bytes = concatBytes(good.subarray(0, headBytes), ...chunks, fromHex(append ?? ''));
  if (flip !== undefined) bytes[flip]! ^= 1;
  return bytes.subarray(0, keep ?? bytes.length);
}
