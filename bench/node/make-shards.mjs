// Fills the folder of a shard store with made-up shards, for benches of its start: `node bench/node/make-shards.mjs FOLDER COUNT [BYTES]`.
// Needs a build (`tsc -b`). Nothing is flushed: a bench starts the store on files, it does not trust them.
import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { encodeHeader, fileNameOf } from '../../dist/node/src/platform/node/shard-file.js';

const leafBytes = 65_536;

/**
 * Makes `count` shards of `length` bytes each, of objects of 6 shards, under `folder`.
 * @param {string} folder
 * @param {number} count
 * @param {number} [length]
 */
export function makeShards(folder, count, length = 1_000) {
  const hash = (/** @type {string} */ text) => createHash('sha256').update(text).digest();
  const bytes = Buffer.alloc(length, 0x5a);
  const digests = Buffer.alloc(32 * Math.ceil(length / leafBytes), hash('leaf'));
  const folders = new Set();
  for (let i = 0; i < count; i++) {
    const place = { contentRoot: hash(`object ${Math.floor(i / 6)}`).toString('hex'), segment: 0, shard: i % 6 };
    const path = join(folder, fileNameOf({ place, length }));
    const header = encodeHeader({ ...place, length, root: hash('root'), owner: hash('owner'), digests, lease: 1_900_000_000_000 });
    if (!folders.has(dirname(path))) mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    folders.add(dirname(path));
    writeFileSync(path, Buffer.concat([header, bytes]), { mode: 0o600 });
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [folder, count, length] = process.argv.slice(2);
  if (folder === undefined || count === undefined) {
    console.error('usage: node bench/node/make-shards.mjs FOLDER COUNT [BYTES]');
    process.exit(2);
  }
  makeShards(folder, Number(count), length === undefined ? undefined : Number(length));
}
