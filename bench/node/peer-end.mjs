// One end of a whole peer, built: what is sealed already goes from one to the file store of the other. Started twice by two-processes.ts.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { concatBytes } from '../../dist/node/src/core/bytes/compare.js';
import { nodeId } from '../../dist/node/src/core/crypto/keys.js';
import { leafBytes, merkleRoot } from '../../dist/node/src/core/merkle/tree.js';
import { blockBytes, geometry } from '../../dist/node/src/core/object/geometry.js';
import { createPeer } from '../../dist/node/src/peer/peer.js';
import { createUpkeep } from '../../dist/node/src/peer/upkeep.js';
import { memoryMetaStore } from '../../dist/node/src/platform/memory/meta-store.js';
import { nodeCrypto, nodeRandom } from '../../dist/node/src/platform/node/crypto.js';
import { nodeDialer } from '../../dist/node/src/platform/node/dialer.js';
import { fileShardStore } from '../../dist/node/src/platform/node/shard-store.js';
import { wallClock } from '../../dist/node/src/platform/wall-clock.js';

const capacity = 4_000_000_000;
const say = (message) => process.send(message);
const crypto = nodeCrypto();
const random = nodeRandom();
const node = await crypto.signer(random.bytes(32));
const folder = mkdtempSync(join(tmpdir(), 'shoal-bench-'));
let other = '';
let events;

/** k = 1, m = 0: a ciphertext of random bytes, with its roots; sealed before anything is timed. */
const sealed = new Map();
async function seal(length) {
  const bytes = random.bytes(length);
  const shape = geometry(1, 0, length);
  const roots = [];
  let at = 0;
  for (let segment = 0; segment < shape.segments; segment++) {
    const digests = [];
    for (let left = shape.shardLength(segment); left > 0; left -= leafBytes, at += leafBytes)
      digests.push(await crypto.sha256(bytes.subarray(at, at + Math.min(left, leafBytes))));
    roots.push(merkleRoot(concatBytes(...digests)));
  }
  sealed.set(length, { bytes, roots: concatBytes(...roots) });
}

const codec = {
  async seal({ file: { size } }) {
    const { bytes, roots } = sealed.get(size);
    return {
      commit: async () => ({ ciphertextLength: size, roots }),
      stripe: async (stripe) => [bytes.subarray(stripe * blockBytes, (stripe + 1) * blockBytes)],
      close() {},
    };
  },
  open() {
    throw new Error('nothing is opened here');
  },
};

const peer = createPeer({
  ...{ clock: wallClock, random, crypto, codec, meta: memoryMetaStore(), shards: fileShardStore(folder), swarm: 'bench' },
  identity: { node, vault: await crypto.aesGcm(random.bytes(32)) },
  dialer: nodeDialer(() => []),
  log: () => {},
  upkeep: async () => createUpkeep,
  persisted: () => true,
  signaling: {
    start(given) {
      events = given;
      events.state('joined');
      events.peers([{ node: other }]);
    },
    knock: () => say({ t: 'signal', data: { knock: true } }),
    signal: (_to, data) => say({ t: 'signal', data }),
    stop() {},
  },
});

/** Resolves when `done` holds for a snapshot. */
const until = (done) =>
  new Promise((resolve) => {
    const unwatch = peer.watch((snapshot) => {
      if (!done(snapshot)) return;
      setImmediate(() => unwatch());
      resolve();
    });
  });

async function carry(bytes) {
  if (!sealed.has(bytes)) await seal(bytes);
  const beganMs = performance.now();
  const id = peer.drop({ handle: { size: bytes }, name: 'sealed.bin', media: '', mtime: 0, profile: { k: 1, m: 0 } });
  await until(({ files }) => files.some((file) => file.id === id && file.state === 'stored'));
  say({ t: 'carried', ms: performance.now() - beganMs });
}

async function link({ initiator, other: found }) {
  other = found;
  await peer.start();
  // The first one sends, the second one lends.
  if (!initiator) await peer.contribute(capacity);
  await until(({ peers }) => peers.some(({ linked, capacity: lent }) => linked && (initiator ? lent > 0 : true)));
  say({ t: 'linked' });
}

process.on('message', (message) => {
  if (message.t === 'link') void link(message);
  else if (message.t === 'carry') void carry(message.bytes);
  else if (message.data.knock) events?.knock(other);
  else events?.signal(other, message.data);
});
process.on('disconnect', () => {
  rmSync(folder, { recursive: true, force: true });
  process.exit(0);
});
say({ t: 'ready', hello: nodeId(node.publicKey) });
