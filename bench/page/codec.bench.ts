import * as Comlink from 'comlink';
import { ciphertextLength } from '../../src/core/crypto/chunks.ts';
import { geometry } from '../../src/core/object/geometry.ts';
import { streamLength } from '../../src/core/object/header.ts';
import { jobOf } from '../../src/peer/codec/samples.contract.ts';
import type { Codec } from '../../src/peer/ports.ts';
import { webWorkerThread } from '../../src/platform/browser/codec-thread.ts';
import { codecPool } from '../../src/platform/codec-pool.ts';
import { benchmark } from '../benchmark.ts';
import { k, m, speedOfAsync } from '../coding.ts';
import { interleaved, quick } from '../measure.ts';
import type { CodecBenchWorker } from './codec.benchworker.ts';

// One worker that seals and opens, with its parts measured in it between whole files: sealing is the first pass, from reading the file to
// the digests of all leaves. Then whole pools of the workers that a tab has.

const mebibyte = 1_048_576;
const bytes = (quick() ? 16 : 64) * mebibyte;
const size = `${bytes / mebibyte} MiB`;

/** A file without pattern, other bytes for another seed. */
function fileOf(seed: number): File {
  const pieces = Array.from({ length: bytes / 65_536 }, () => crypto.getRandomValues(new Uint8Array(65_536)));
  return new File(pieces, `${seed}.bin`);
}

function poolOf(workers: number): { readonly codec: Codec; end(): void } {
  const started: Worker[] = [];
  const spawn = () => {
    const worker = new Worker(new URL('../../workers/codec.worker.ts', import.meta.url), { type: 'module' });
    started.push(worker);
    return webWorkerThread(worker);
  };
  return { codec: codecPool(spawn, workers, true), end: () => started.forEach((worker) => worker.terminate()) };
}

/** Bytes that are encrypted, coded and hashed for each byte of the file: the file is padded, and so is a stripe (SPEC HEAD-1, GEO-2). */
function sharesOf(size: number): { readonly encrypt: number; readonly code: number; readonly hash: number } {
  const padded = streamLength({ ...jobOf(size, k, m), size });
  const shape = geometry(k, m, ciphertextLength(padded));
  const blocks = Array.from({ length: shape.stripes }, (_, stripe) => shape.blockLength(stripe));
  const perShard = blocks.reduce((sum, length) => sum + length, 0);
  return { encrypt: padded / size, code: (k * perShard) / size, hash: ((k + m) * perShard) / size };
}

/** What ends a worker that cannot start, and would leave whoever asks it waiting. */
function failureOf(worker: Worker): Promise<never> {
  return new Promise((_, reject) => {
    worker.addEventListener('error', ({ message }) => reject(new Error(`the worker could not start, or broke: ${message}`)));
  });
}

async function seal(codec: Codec, file: File): Promise<void> {
  const sealer = await codec.seal({ ...jobOf(file.size, k, m), file });
  await sealer.commit(() => {});
  sealer.close();
}

benchmark('codec', async () => {
  const files = [fileOf(1), fileOf(2)];
  const worker = new Worker(new URL('./codec.benchworker.ts', import.meta.url), { type: 'module' });
  const [one, two] = [poolOf(1), poolOf(2)];
  try {
    const bench = await Promise.race([Comlink.wrap<CodecBenchWorker>(worker).start(files[0]!), failureOf(worker)]);
    const atOnce = async (codec: Codec): Promise<void> => void (await Promise.all(files.map((file) => seal(codec, file))));
    const inTurn = async (codec: Codec): Promise<void> => {
      for (const file of files) await seal(codec, file);
    };
    const { samples, by } = await interleaved({
      read: () => bench.read(),
      seal: () => bench.seal(),
      sealMemory: () => bench.sealMemory(),
      plainLoop: () => bench.plainLoop(),
      encrypt: () => bench.encrypt(),
      inPlace: () => bench.encryptInPlace(),
      code: () => bench.code(),
      hash: () => bench.hash(),
      decrypt: () => bench.decrypt(),
      decryptFile: () => bench.decryptFile(),
      plainOpening: () => bench.plainOpening(),
      hashFile: () => bench.hashFile(),
      open: () => bench.open(),
      openLost: () => bench.openLost(),
    });
    // By themselves: workers that stood still for seconds between the windows are slower at first, and two of them more than one (1.09 to
    // 1.17 times as fast as one where they took turns with the above, 1.35 to 1.43 so).
    const pools = await interleaved({
      two: () => speedOfAsync(2 * bytes, () => atOnce(two.codec)),
      one: () => speedOfAsync(2 * bytes, () => atOnce(one.codec)),
      oneInTurn: () => speedOfAsync(2 * bytes, () => inTurn(one.codec)),
    });

    const { encrypt, code, hash } = samples;
    /** µs for each byte of the file. */
    const costsBy = (share: ReturnType<typeof sharesOf>, sealing: readonly number[]): number[] =>
      sealing.map((speed, i) => share.encrypt / speed + share.code / code[i]! + share.hash / hash[i]!);
    const boundBy = (share: ReturnType<typeof sharesOf>, sealing = encrypt): number[] => costsBy(share, sealing).map((cost) => 1 / cost);
    const shares = sharesOf(bytes);
    const bound = boundBy(shares);
    /** As if a file were sealed without padding, as the plain loop does. */
    const bareBound = boundBy({ encrypt: 1, code: 1, hash: (k + m) / k });
    /** What WebCrypto gives in a buffer of its own has to be copied to where it is coded and hashed. */
    const copyBound = boundBy(shares, samples.inPlace);
    /** Of data shards alone, each leaf is hashed and each chunk decrypted once. */
    const openBoundBy = (decrypting: readonly number[], hashing: readonly number[]): number[] =>
      decrypting.map((speed, i) => 1 / (shares.encrypt / speed + shares.code / hashing[i]!));
    const openBound = openBoundBy(samples.decrypt, hash);
    /** What is opened comes from memory, and no cache holds it. */
    const openMemoryBound = openBoundBy(samples.decryptFile, samples.hashFile);
    const quotients = (speeds: readonly number[], limit: readonly number[]) => speeds.map((speed, i) => speed / limit[i]!);
    const sealBy = (limit: readonly number[]) => quotients(samples.seal, limit);
    const bestOne = pools.samples.one.map((speed, i) => Math.max(speed, pools.samples.oneInTurn[i]!));
    const unit = 'MB/s of file';
    return [
      { name: `seal ${size} (6+3) in one worker`, unit, samples: samples.seal },
      { name: 'its bound from encrypting, coding and hashing', unit, samples: bound },
      { name: 'the bound for the bytes of the file without its padding', unit, samples: bareBound },
      { name: 'seal by that bound', unit: 'times', samples: sealBy(bareBound) },
      { name: 'seal by its bound', unit: 'times', goal: 'seal-by-parts', samples: sealBy(bound) },
      { name: 'seal by its bound with the copies of what WebCrypto gives', unit: 'times', samples: sealBy(copyBound) },
      { name: 'the same calls on the same file in a plain loop, with nothing around them', unit, samples: samples.plainLoop },
      {
        name: 'that loop, which pads nothing, by the bound without padding',
        unit: 'times',
        samples: quotients(samples.plainLoop, bareBound),
      },
      { name: 'seal by that loop', unit: 'times', samples: by('seal', 'plainLoop') },
      { name: `seal ${size} from memory, so that nothing is read`, unit, samples: samples.sealMemory },
      { name: 'that by its bound', unit: 'times', samples: quotients(samples.sealMemory, bound) },
      { name: 'part: AES-256-GCM of 16 KiB chunks', unit: 'MB/s', samples: samples.encrypt },
      { name: 'part: the same, copied to its place', unit: 'MB/s', samples: samples.inPlace },
      { name: 'part: 6+3 encode', unit: 'MB/s of data', samples: samples.code },
      { name: 'part: SHA-256 of 64 KiB leaves', unit: 'MB/s', samples: samples.hash },
      { name: 'part: reading the file', unit: 'MB/s', samples: samples.read },
      { name: 'part: opening AES-256-GCM of 16 KiB chunks', unit: 'MB/s', samples: samples.decrypt },
      { name: `open ${size} from the data shards`, unit, samples: samples.open },
      { name: 'open by seal', unit: 'times', goal: 'open-by-seal', samples: by('open', 'seal') },
      { name: 'its bound from decrypting and hashing', unit, samples: openBound },
      { name: 'open by its bound', unit: 'times', samples: quotients(samples.open, openBound) },
      { name: 'its bound where decrypting and hashing go through all of the file', unit, samples: openMemoryBound },
      { name: 'open by that bound', unit: 'times', samples: quotients(samples.open, openMemoryBound) },
      { name: 'the same calls on as many bytes in a plain loop, with nothing around them', unit, samples: samples.plainOpening },
      { name: 'open by that loop', unit: 'times', samples: by('open', 'plainOpening') },
      { name: 'the bound of opening by the bound of sealing', unit: 'times', samples: quotients(openBound, bound) },
      { name: `open ${size} with three data shards lost`, unit, samples: samples.openLost },
      { name: 'open with three lost by open', unit: 'times', goal: 'open-lost-by-open', samples: by('openLost', 'open') },
      { name: `seal two files of ${size} at once on two workers`, unit, samples: pools.samples.two },
      { name: 'the same at once on one worker', unit, samples: pools.samples.one },
      { name: 'the same one after another on one worker', unit, samples: pools.samples.oneInTurn },
      {
        name: 'two workers by one, the faster of its two ways',
        unit: 'times',
        goal: 'two-workers-by-one',
        samples: pools.samples.two.map((speed, i) => speed / bestOne[i]!),
      },
    ];
  } finally {
    for (const pool of [one, two]) pool.end();
    worker.terminate();
  }
});
