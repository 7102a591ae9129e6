import { createDecipheriv } from 'node:crypto';
import { describe, expect, test, vi } from 'vitest';
import { concatBytes } from '../../src/core/bytes/compare.ts';
import { fromHex, toHex } from '../../src/core/bytes/text.ts';
import { encodeCapability, narrow } from '../../src/core/crypto/capability.ts';
import { ciphertextLength } from '../../src/core/crypto/chunks.ts';
import { chunkKeys, contentKey, objectKeys, recordKey, wrapKey } from '../../src/core/crypto/keys.ts';
import { prove } from '../../src/core/merkle/proof.ts';
import { leafBytes, leafCount } from '../../src/core/merkle/tree.ts';
import { contentRoot, descriptorLabel, encodeDescriptorBody, parseDescriptor } from '../../src/core/object/descriptor.ts';
import { geometry } from '../../src/core/object/geometry.ts';
import { excerptOf } from '../../src/core/object/excerpt.ts';
import { encodeHeader, type Header, streamLength } from '../../src/core/object/header.ts';
import { encodeSigned, signingBytes } from '../../src/core/object/signed.ts';
import { plaintextStream } from '../../src/peer/codec/plaintext.ts';
import type { Commitment, Crypto, SealJob } from '../../src/peer/ports.ts';
import { inProcessCodec } from '../../src/platform/memory/codec.ts';
import { nobleCrypto } from '../../src/platform/memory/crypto.ts';
import { webCrypto } from '../../src/platform/web-crypto.ts';
import type { ObjectCase } from './object-case.ts';
import { bytesOf, hashOf, vectors } from './vectors.ts';

const { cases } = vectors<{ cases: readonly ObjectCase[] }>('objects');

vi.setConfig({ testTimeout: 30_000 });

/** Above this, only WebCrypto seals (noble does some MB/s) and one pattern of losses is opened: several-stripes and two-segments. */
const largeBytesMin = 1_000_000;

/** The file of each case, grown once. */
const files = new Map<string, Uint8Array>();
function fileOf({ name, file }: ObjectCase): Uint8Array {
  const bytes = files.get(name) ?? bytesOf(file);
  files.set(name, bytes);
  return bytes;
}

describe.each(cases)('objects.json $name', (object) => {
  test('[KEY-2, KEY-3, ENC-1, ENC-2, CAP-1] keys and capabilities', () => {
    const { signSeed, objectKey, readKey } = objectKeys(fromHex(object.ws));
    const inputKey = contentKey(readKey, object.version);
    const { key, nonce, commitment } = chunkKeys(inputKey, fromHex(object.salt), objectKey, object.version);
    const found = { signSeed, Pw: objectKey, rk: readKey, recordKey: recordKey(objectKey), ck: inputKey, key, nonce, commitment };
    for (const [name, bytes] of Object.entries(found)) expect([name, toHex(bytes)]).toEqual([name, object[name as keyof typeof found]]);
    const write = { right: 'write', writeSeed: fromHex(object.ws) } as const;
    expect({
      W: encodeCapability(write),
      R: encodeCapability(narrow(write, 'read')),
      V: encodeCapability(narrow(write, 'verify')),
    }).toEqual(object.capabilities);
  });

  test('[HEAD-1, HEAD-2, PAD-1] plaintext stream', async () => {
    const file = fileOf(object);
    const stream = plaintextStream(object.header, async (start, end) => file.subarray(start, end));
    expect(toHex(encodeHeader(object.header))).toBe(object.streamHead);
    expect(streamLength(object.header)).toBe(object.streamLength);
    expect(hashOf(await stream.read(0, stream.length))).toBe(object.streamSha256);
  });

  test('[ENC-4, GEO-1, GEO-2, GEO-3] lengths', () => {
    const shape = geometry(object.k, object.m, ciphertextLength(object.streamLength));
    expect(shape.ciphertextLength).toBe(object.ciphertextLength);
    expect(shape.segments).toBe(object.segments.length);
    object.segments.forEach((expected, segment) => {
      const blocks = Array.from({ length: shape.segmentStripes(segment) }, (_, i) => shape.blockLength(segment * 32 + i));
      expect(shape.shardLength(segment)).toBe(expected.shardLength);
      expect(Array.isArray(expected.stripes) ? blocks : { count: blocks.length, last: blocks.at(-1) }).toEqual(expected.stripes);
    });
  });

  const engines: (readonly [string, Crypto])[] = [['WebCrypto', webCrypto(globalThis.crypto.subtle)]];
  if (object.ciphertextLength < largeBytesMin) engines.push(['noble', nobleCrypto()]);

  test.each(engines)('[SEAL-1, RS-3, TREE-2, DESC-1, DESC-2, OPEN-6] sealed, signed and opened with %s', async (_, crypto) => {
    const { commitment, shards } = await seal(object, crypto);
    expect(commitment.ciphertextLength).toBe(object.ciphertextLength);
    expect(toHex(commitment.roots)).toBe(object.segments.flatMap(({ shards: ofSegment }) => ofSegment.map(({ root }) => root)).join(''));
    expect(shards.map((ofSegment) => ofSegment.map(hashOf))).toEqual(
      object.segments.map((each) => each.shards.map((shard) => shard.sha256)),
    );
    expectCiphertext(object, shards);

    const signed = await sign(object, commitment, crypto);
    expect(hashOf(signed)).toBe(object.descriptorSha256);
    if (object.descriptor !== undefined) expect(toHex(signed)).toBe(object.descriptor);
    expect(hashOf(parseDescriptor(signed).body)).toBe(object.bodyHash);

    for (const lost of erasures(object)) {
      const { file, header } = await open(object, signed, shards, lost, crypto);
      expect(hashOf(file)).toBe(object.file.sha256);
      expect(header).toEqual(object.header);
    }
  });
});

test('[KEY-6] the wrap of with-wrap opens to the write seed', () => {
  const { Pw, ws, wrap: given } = cases.find(({ name }) => name === 'with-wrap')!;
  const objectKey = fromHex(Pw);
  const wrap = fromHex(given!.wrap);
  const cipher = createDecipheriv('aes-256-gcm', wrapKey(fromHex(given!.root), objectKey), wrap.subarray(0, 12));
  cipher.setAAD(objectKey).setAuthTag(wrap.subarray(44));
  expect(cipher.update(wrap.subarray(12, 44), undefined, 'hex') + cipher.final('hex')).toBe(ws);
});

/** Commitment and all shards by segment, through the codec. */
async function seal(object: ObjectCase, crypto: Crypto): Promise<{ commitment: Commitment; shards: Uint8Array[][] }> {
  const { objectKey, readKey } = objectKeys(fromHex(object.ws));
  const { name, media, size, mtime } = object.header;
  const file: SealJob['file'] & { bytes: Uint8Array } = { size, bytes: fileOf(object) };
  const { version, k, m } = object;
  const sealer = await inProcessCodec(crypto).seal({
    file,
    name,
    media,
    mtime,
    objectKey,
    readKey,
    salt: fromHex(object.salt),
    version,
    k,
    m,
  });
  const commitment = await sealer.commit(() => {});
  const shape = geometry(k, m, commitment.ciphertextLength);
  const all = Array.from({ length: shape.n }, (_, shard) => shard);
  const stripes: Uint8Array[][] = [];
  for (let stripe = 0; stripe < shape.stripes; stripe++) stripes.push(await sealer.stripe(stripe, all));
  const shards = Array.from({ length: shape.segments }, (_, segment) =>
    all.map((shard) => concatBytes(...stripes.slice(segment * 32, segment * 32 + 32).map((blocks) => blocks[shard]!))),
  );
  return { commitment, shards };
}

function expectCiphertext(object: ObjectCase, shards: readonly (readonly Uint8Array[])[]): void {
  const shape = geometry(object.k, object.m, object.ciphertextLength);
  const blocks: Uint8Array[] = [];
  for (let stripe = 0; stripe < shape.stripes; stripe++) {
    const offset = (stripe % 32) * 262_144;
    const ofSegment = shards[Math.floor(stripe / 32)]!.slice(0, object.k);
    blocks.push(...ofSegment.map((shard) => shard.subarray(offset, offset + shape.blockLength(stripe))));
  }
  const ciphertext = concatBytes(...blocks).subarray(0, object.ciphertextLength);
  expect(toHex(ciphertext.subarray(0, 88))).toBe(object.ciphertextHead);
  expect(hashOf(ciphertext)).toBe(object.ciphertextSha256);
  if (object.ciphertext !== undefined) expect(toHex(ciphertext)).toBe(object.ciphertext);
  if (object.shards !== undefined) expect([object.shards].flat(2)).toEqual(shards.flat().map(toHex));
}

async function sign(object: ObjectCase, { ciphertextLength: length, roots }: Commitment, crypto: Crypto): Promise<Uint8Array> {
  const { signSeed, objectKey } = objectKeys(fromHex(object.ws));
  const { version, k, m } = object;
  const content = { objectKey, version, k, m, ciphertextLength: length, roots };
  expect(toHex(contentRoot(content))).toBe(object.contentRoot);
  const body = encodeDescriptorBody({
    ...content,
    ...(object.previousBodyHash === undefined ? {} : { previous: fromHex(object.previousBodyHash) }),
    contentRoot: contentRoot(content),
    createdMs: object.created,
    leaseMs: object.lease,
    class: object.class,
    policy: { anchorsMin: object.policy[0], domainMax: object.policy[1] },
    ...(object.wrap === undefined ? {} : { wrap: fromHex(object.wrap.wrap) }),
  });
  const signer = await crypto.signer(signSeed);
  return encodeSigned(body, await signer.sign(signingBytes(descriptorLabel, body)));
}

/** Shards to lose: none, the first, middle and last m of the n; of large objects only the first. */
function erasures({ k, m, ciphertextLength: length }: ObjectCase): (readonly number[])[] {
  const run = (first: number): number[] => Array.from({ length: m }, (_, i) => first + i);
  if (length >= largeBytesMin) return [run(0)];
  return m === 0 ? [[]] : [[], run(0), run(Math.floor(k / 2)), run(k)];
}

async function open(
  object: ObjectCase,
  descriptor: Uint8Array,
  shards: readonly (readonly Uint8Array[])[],
  lost: readonly number[],
  crypto: Crypto,
): Promise<{ file: Uint8Array; header: Header }> {
  const opener = await inProcessCodec(crypto).open({ descriptor, readKey: fromHex(object.rk) });
  const shape = geometry(object.k, object.m, object.ciphertextLength);
  const digests = shards.map((ofSegment) => ofSegment.map(entriesOf));
  const addStripe = async (stripe: number): Promise<void> => {
    const segment = Math.floor(stripe / 32);
    const first = (stripe % 32) * 4;
    for (let shard = 0; shard < shape.n; shard++) {
      if (lost.includes(shard)) continue;
      const bytes = shards[segment]![shard]!.subarray(first * leafBytes, first * leafBytes + shape.blockLength(stripe));
      const proof = prove(digests[segment]![shard]!, first, leafCount(bytes.length));
      expect(await opener.add({ segment, shard, first, bytes, proof })).toBe(true);
    }
  };
  await addStripe(0);
  await opener.next();
  const header = await opener.header();
  await opener.begin(excerptOf(header, undefined));
  const parts: Uint8Array[] = [];
  for (let stripe = 0; stripe < shape.stripes; stripe++) {
    await addStripe(stripe);
    parts.push(await opener.next());
  }
  return { file: concatBytes(...parts), header };
}

function entriesOf(shard: Uint8Array): Uint8Array {
  const leaves = Array.from({ length: leafCount(shard.length) }, (_, i) => shard.subarray(i * leafBytes, (i + 1) * leafBytes));
  return concatBytes(...leaves.map((leaf) => fromHex(hashOf(leaf))));
}
