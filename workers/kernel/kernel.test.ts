import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { assembleKernel } from './build.mjs';
import { codersBy } from './kernel.ts';
import { kernelContract } from './kernel.contract.ts';

/** V8 has relaxed SIMD since 11.4: Node 20 has it not, Node 22 has. */
const [major, minor] = process.versions.v8.split('.').map(Number) as [number, number];
const hasRelaxed = major > 11 || (major === 11 && minor >= 4);

kernelContract('Node', hasRelaxed ? 'relaxed' : 'strict');

describe('the kernel', () => {
  test('[RS-5] what is built in is what the generator gives', async () => {
    const { strict, relaxed } = await assembleKernel();
    const text = readFileSync(new URL('binaries.ts', import.meta.url), 'utf8');
    for (const bytes of [strict, relaxed]) expect(text).toContain(Buffer.from(bytes).toString('base64'));
  });

  test('[RS-5] both builds together are small', async () => {
    const { strict, relaxed } = await assembleKernel();
    expect(gzipSync(strict).length + gzipSync(relaxed).length).toBeLessThanOrEqual(4_096);
  });

  test.skipIf(hasRelaxed)('[RS-5] a coding that the engine has not is refused', () => {
    expect(() => codersBy('relaxed')).toThrow(WebAssembly.CompileError);
  });
});
