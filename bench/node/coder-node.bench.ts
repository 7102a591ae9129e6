import { createRequire } from 'node:module';
import { equalBytes } from '../../src/core/bytes/compare.ts';
import { referenceCoder } from '../../src/core/erasure/reference.ts';
import { codersBy } from '../../workers/kernel/kernel.ts';
import { benchmark } from '../benchmark.ts';
import { blockBytes, checkCoders, dataBlocks, encodedRoom, encodeSpeed, k, m, speedOf } from '../coding.ts';
import { interleaved } from '../measure.ts';

/** What is used of the package; it is installed for this bench only, so its own types are not there. */
interface Package {
  readonly ReedSolomonErasure: { fromCurrentDirectory(): Promise<PackageCoder> };
}
interface PackageCoder {
  /** 0 for success. Copies all shards into its memory, and the parity shards back. */
  encode(shards: Uint8Array, dataShards: number, parityShards: number): number;
  reconstruct(shards: Uint8Array, dataShards: number, parityShards: number, available: readonly boolean[]): number;
  /** The WebAssembly under it, of which its documentation says nothing. */
  readonly exports: {
    readonly memory: WebAssembly.Memory;
    __wbindgen_malloc(bytes: number): number;
    encode(shards: number, bytes: number, dataShards: number, parityShards: number): number;
  };
}

const dataBytes = k * blockBytes;

async function packageCoder(): Promise<PackageCoder> {
  const require = createRequire(new URL('../others/package.json', import.meta.url));
  const { ReedSolomonErasure } = require('@subspace/reed-solomon-erasure.wasm') as Package;
  return ReedSolomonErasure.fromCurrentDirectory();
}

/** Shards that the package has encoded. Its matrix is another than ours, so what shows its parity right is that it gives lost data back. */
function encodedShards(coder: PackageCoder): Uint8Array {
  const shards = new Uint8Array((k + m) * blockBytes);
  shards.set(dataBlocks());
  if (coder.encode(shards, k, m) !== 0) throw new Error('the package could not encode');
  const damaged = shards.slice().fill(0, 0, m * blockBytes);
  const available = Array.from({ length: k + m }, (_, shard) => shard >= m);
  if (coder.reconstruct(damaged, k, m, available) !== 0 || !equalBytes(damaged, shards)) throw new Error('the package decodes other bytes');
  return shards;
}

/** Encodes in the package's own memory, without its copies there and back. */
function inPlace({ exports }: PackageCoder, shards: Uint8Array): () => void {
  const at = exports.__wbindgen_malloc(shards.length);
  new Uint8Array(exports.memory.buffer, at).set(shards);
  return () => {
    if (exports.encode(at, shards.length, k, m) !== 0) throw new Error('the package could not encode in place');
  };
}

benchmark('coder-node', async () => {
  checkCoders('strict', codersBy('strict'));
  checkCoders('packed', codersBy('packed'));
  const [strict, packed, table] = [codersBy('strict'), codersBy('packed'), referenceCoder].map(encodedRoom);
  const coder = await packageCoder();
  const shards = encodedShards(coder);
  const encodeInPlace = inPlace(coder, shards);
  const { samples, by } = await interleaved({
    strict: async () => encodeSpeed(strict!),
    package: async () => speedOf(dataBytes, () => void coder.encode(shards, k, m)),
    packageInPlace: async () => speedOf(dataBytes, encodeInPlace),
    packed: async () => encodeSpeed(packed!),
    table: async () => encodeSpeed(table!),
  });
  const unit = 'MB/s of data';
  return [
    { name: '6+3 encode, strict, Node', unit, samples: samples.strict },
    { name: '6+3 encode, @subspace/reed-solomon-erasure.wasm, Node', unit, samples: samples.package },
    { name: 'the same without its copies, past its API', unit, samples: samples.packageInPlace },
    { name: 'strict by the package', unit: 'times', goal: 'rs-strict-by-package', samples: by('strict', 'package') },
    { name: 'strict by the package without its copies', unit: 'times', samples: by('strict', 'packageInPlace') },
    { name: '6+3 encode, packed JavaScript, Node', unit, samples: samples.packed },
    { name: '6+3 encode, plain tables, Node', unit, samples: samples.table },
    { name: 'packed by plain tables, Node', unit: 'times', samples: by('packed', 'table') },
  ];
});
