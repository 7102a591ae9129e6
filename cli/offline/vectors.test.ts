import { readFile, rm, stat, writeFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { fromHex, toHex } from '../../src/core/bytes/text.ts';
import type { ObjectCase } from '../../test/vectors/object-case.ts';
import { bytesOf, hashOf, vectors } from '../../test/vectors/vectors.ts';
import { type Desk, decode, desk, encode } from './samples.testing.ts';

const { cases } = vectors<{ cases: readonly ObjectCase[] }>('objects');

let at: Desk;
afterEach(() => at.clear());

/** Every shard with its place, as the vectors list them. */
const shardsOf = ({ segments }: ObjectCase) =>
  segments.flatMap(({ shards }, segment) =>
    shards.map(({ sha256 }, shard) => ({ segment, shard, sha256, name: `${segment}-${shard}.shard` })),
  );

const jobOf = (object: ObjectCase) => ({
  header: object.header,
  writeSeed: fromHex(object.ws),
  salt: fromHex(object.salt),
  k: object.k,
  m: object.m,
  terms: {
    version: object.version,
    createdMs: object.created,
    leaseMs: object.lease,
    class: object.class,
    policy: { anchorsMin: object.policy[0], domainMax: object.policy[1] },
    ...(object.previousBodyHash === undefined ? {} : { previous: fromHex(object.previousBodyHash) }),
    ...(object.wrap === undefined ? {} : { wrap: fromHex(object.wrap.wrap) }),
  },
});

describe.each(cases)('objects.json $name in a folder', (object) => {
  test('[DISK-1, DISK-2, DISK-4] is written byte for byte, and [DISK-3] read from any k shards', async () => {
    at = await desk(bytesOf(object.file));
    await encode(at, jobOf(object));
    const descriptor = await readFile(join(at.folder, 'descriptor.cbor'));
    expect(hashOf(descriptor)).toBe(object.descriptorSha256);
    if (object.descriptor !== undefined) expect(toHex(descriptor)).toBe(object.descriptor);
    for (const { name, sha256 } of shardsOf(object)) expect([name, hashOf(await readFile(join(at.folder, name)))]).toEqual([name, sha256]);
    expect(await readFile(at.capability, 'utf8')).toBe(`${object.capabilities.W}\n`);
    expect((await stat(at.capability)).mode & 0o777).toBe(0o600);

    const lost = shardsOf(object).filter(({ shard }) => shard < object.m);
    await Promise.all(lost.map(({ name }) => rm(join(at.folder, name))));
    const { header, found } = await decode(at, object.capabilities.R);
    expect(hashOf(await readFile(at.out))).toBe(object.file.sha256);
    expect(header).toEqual(object.header);
    expect(found).toMatchObject({ missing: lost.map(({ name }) => name), damaged: [] });
  });
});

test('[DISK-3] a folder made from the bytes of a vector is read with either capability', async () => {
  const object = cases.find(({ name }) => name === 'one-byte')!;
  at = await desk(new Uint8Array());
  await mkdir(at.folder);
  await writeFile(join(at.folder, 'descriptor.cbor'), fromHex(object.descriptor!));
  const shards = [object.shards!].flat(2);
  await Promise.all(shards.map((shard, i) => writeFile(join(at.folder, `0-${i}.shard`), fromHex(shard))));
  for (const text of [object.capabilities.W, object.capabilities.R]) {
    await decode(at, text);
    expect(hashOf(await readFile(at.out))).toBe(object.file.sha256);
  }
});
