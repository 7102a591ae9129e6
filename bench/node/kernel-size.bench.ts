import { gzipSync } from 'node:zlib';
import { assembleKernel } from '../../workers/kernel/build.mjs';
import { benchmark } from '../benchmark.ts';

const gzipBytes = (bytes: Uint8Array): number => gzipSync(bytes, { level: 9 }).length;

benchmark('kernel-size', async () => {
  const { strict, relaxed } = await assembleKernel();
  return [
    { name: 'strict build', unit: 'bytes', samples: [strict.length] },
    { name: 'relaxed build', unit: 'bytes', samples: [relaxed.length] },
    // Each by itself: in one stream the second, nearly the same, would cost next to nothing.
    { name: 'both builds, each in gzip', unit: 'bytes', goal: 'kernel-bytes', samples: [gzipBytes(strict) + gzipBytes(relaxed)] },
  ];
});
