import { concatBytes, equalBytes } from '../core/bytes/compare.ts';
import { ShoalError } from '../core/errors.ts';
import { leafBytes, merkleRoot } from '../core/merkle/tree.ts';
import { blockBytes } from '../core/object/geometry.ts';
import { watchIdle } from './idle.ts';
import type { Incoming } from './links/exchange.ts';
import type { Clock, Crypto, ShardMeta, ShardStore, StagedShard } from './ports.ts';

/** A store without an accepted byte for this long is given up and its reservation freed. */
const idleMs = 60_000;
/** Blocks being written at once: while the store writes some of them in one durable transaction, it gathers the next. */
const blocksInFlightMax = 8;

/**
 * Takes one shard in: hashes leaf by leaf while it writes block by block, and commits only when the root is the signed one.
 * Otherwise everything is discarded. `durable` is told how many bytes are on disk, in order, once for blocks that became durable together.
 */
export async function receiveShard(options: {
  readonly clock: Clock;
  readonly crypto: Crypto;
  readonly shards: ShardStore;
  readonly incoming: Incoming;
  readonly meta: Omit<ShardMeta, 'digests'>;
  /** Room for the shard is reserved. */
  readonly staged: () => void;
  /** All of it came, and is the shard that was signed: what has to be durable before it is. */
  readonly committing: () => Promise<void>;
  readonly durable: (bytes: number) => void;
}): Promise<void> {
  const { crypto, shards, incoming, meta } = options;
  const staged = await shards.stage(meta, meta.length);
  options.staged();
  const stream = patientReceive(options.clock, incoming);
  try {
    const writer = blockWriter(crypto, staged, options.durable);
    let received = 0;
    for (;;) {
      const bytes = await stream.next();
      if (bytes === undefined) break;
      received += bytes.length;
      if (received > meta.length) throw new ShoalError('bad-input', 'more came than the shard has');
      await writer.push(bytes);
    }
    if (received < meta.length) throw new ShoalError('bad-input', 'less came than the shard has');
    const digests = await writer.finish();
    if (!equalBytes(merkleRoot(digests), meta.root)) throw new ShoalError('integrity', 'this is not the shard that the owner signed');
    await options.committing();
    // The commit has the last blocks written; a write that fails says why better than the commit.
    await Promise.all([...writer.writes, staged.commit({ ...meta, digests })]);
  } catch (error) {
    await staged.discard();
    throw error;
  } finally {
    stream.stop();
  }
}

/** Takes bytes as they come: throws `timeout` after a minute of silence, and what `receive` throws when the owner gave up or is gone. */
function patientReceive(clock: Clock, incoming: Incoming) {
  let giveUp = (_reason: ShoalError): void => {};
  const silence = watchIdle(clock, idleMs, () => giveUp(new ShoalError('timeout', `no byte came for ${idleMs / 1_000} s`)));
  return {
    async next(): Promise<Uint8Array | undefined> {
      silence.touch();
      try {
        // Not by Promise.race with one promise for all: it would keep every answer until the last.
        return await new Promise((resolve, reject) => {
          giveUp = reject;
          incoming.receive().then(resolve, reject);
        });
      } finally {
        giveUp = () => {};
      }
    },
    stop: () => silence.stop(),
  };
}

/** Gathers bytes into blocks, hashes their leaves and writes them, a few at a time. */
function blockWriter(crypto: Crypto, staged: StagedShard, durable: (bytes: number) => void) {
  /** Blocks that are hashed and durable: the next bytes are gathered in them. */
  const spare: Uint8Array[] = [];
  let block: Uint8Array = new Uint8Array(blockBytes);
  let filled = 0;
  let written = 0;
  const digests: Promise<Uint8Array>[] = [];
  const writes: Promise<void>[] = [];

  const flush = (): void => {
    const room = block;
    const full = room.subarray(0, filled);
    const hashed: Promise<Uint8Array>[] = [];
    for (let start = 0; start < full.length; start += leafBytes)
      hashed.push(handled(crypto.sha256(full.subarray(start, start + leafBytes))));
    digests.push(...hashed);
    const write = async (): Promise<void> => {
      await staged.write(full);
      written += full.length;
      const before = written;
      await Promise.all(hashed);
      spare.push(room);
      // Else blocks that became durable with this one, or after it, say so for it.
      if (written === before) durable(written);
    };
    writes.push(handled(write()));
    block = spare.pop() ?? new Uint8Array(blockBytes);
    filled = 0;
  };

  return {
    /** Those not awaited yet. */
    writes,
    async push(bytes: Uint8Array): Promise<void> {
      for (let offset = 0; offset < bytes.length; ) {
        const piece = bytes.subarray(offset, offset + blockBytes - filled);
        block.set(piece, filled);
        filled += piece.length;
        offset += piece.length;
        if (filled === blockBytes) flush();
      }
      while (writes.length >= blocksInFlightMax) await writes.shift();
    },
    /** Begins to write what is left and gives the leaf digests, joined. */
    async finish(): Promise<Uint8Array> {
      if (filled > 0) flush();
      return concatBytes(...(await Promise.all(digests)));
    },
  };
}

/** A promise awaited later: its failure is not an unhandled one until then. */
function handled<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => {});
  return promise;
}
