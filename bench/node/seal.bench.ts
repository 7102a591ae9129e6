import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { equalBytes } from '../../src/core/bytes/compare.ts';
import { jobOf } from '../../src/peer/codec/samples.contract.ts';
import type { Codec } from '../../src/peer/ports.ts';
import { codecWorkersFor } from '../../src/platform/codec-pool.ts';
import { type NodeCodec, nodeCodec } from '../../src/platform/node/codec.ts';
import { nodeFile } from '../../src/platform/node/node-file.ts';
import { benchmark } from '../benchmark.ts';
import { k, m, speedOfAsync } from '../coding.ts';
import type { Measured } from '../figures.ts';
import { interleaved, quick } from '../measure.ts';

// Sealing is the first pass, from reading the file (which the system has in memory) to the digests of all leaves. A thread of ours computes
// everything itself, while WebCrypto computes in Node's own pool of four threads besides. So the goal is asked of two threads with a file
// each, where both sides may use as many cores; with one, WebCrypto is given two cores and we one, which is a figure beside it.

const bytes = (quick() ? 16 : 64) * 1_048_576;
const size = `${bytes / 1_048_576} MiB`;
const shipped = new URL('../../dist/command/codec-worker.js', import.meta.url);
const byWebCrypto = new URL('web-crypto-thread.mjs', import.meta.url);
/** Where the goal is asked. */
const asked = 2;
/** What a peer has on this machine, and those. */
const threads = [...new Set([codecWorkersFor(availableParallelism()), asked])];

/** Seals a file; the roots of its shards. */
async function seal(codec: Codec, path: string): Promise<Uint8Array> {
  const file = await nodeFile(path);
  const sealer = await codec.seal({ ...jobOf(file.size, k, m), file });
  const { roots } = await sealer.commit(() => {});
  sealer.close();
  return roots;
}

/** Figures with so many threads on each side, each with a file of its own. */
async function compared(count: number, folder: string): Promise<Measured[]> {
  const paths = Array.from({ length: count }, (_, i) => join(folder, `${i}.bin`));
  const [ours, web] = [shipped, byWebCrypto].map((worker) => nodeCodec({ worker, threads: count })) as [NodeCodec, NodeCodec];
  try {
    const all = (codec: Codec) => Promise.all(paths.map((path) => seal(codec, path)));
    const [roots, others] = [await all(ours), await all(web)];
    if (!roots.every((root, i) => equalBytes(root, others[i]!))) throw new Error('the two sides seal differently');
    const speed = (codec: Codec) => speedOfAsync(count * bytes, async () => void (await all(codec)));
    const { samples, by } = await interleaved({ ours: () => speed(ours), web: () => speed(web) });
    const what = `${count} ${count === 1 ? 'thread' : 'threads'}, ${count} of ${size}`;
    return [
      { name: `seal (6+3), ${what}`, unit: 'MB/s of file', samples: samples.ours },
      { name: `seal through WebCrypto, ${what}`, unit: 'MB/s of file', samples: samples.web },
      {
        name: `seal by seal through WebCrypto, ${what}`,
        unit: 'times',
        samples: by('ours', 'web'),
        ...(count === asked ? { goal: 'node-seal-by-webcrypto' as const } : {}),
      },
    ];
  } finally {
    await Promise.all([ours.close(), web.close()]);
  }
}

benchmark('seal', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'shoal-seal-'));
  try {
    for (let i = 0; i < Math.max(...threads); i++) writeFileSync(join(folder, `${i}.bin`), randomBytes(bytes));
    const figures: Measured[] = [];
    for (const count of threads) figures.push(...(await compared(count, folder)));
    return figures;
  } finally {
    rmSync(folder, { recursive: true });
  }
});
