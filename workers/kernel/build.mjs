// Assembles the kernel: `node workers/kernel/build.mjs` writes binaries.ts beside it, unless it is as it should be. Part of every build.
import { readFileSync, writeFileSync } from 'node:fs';
import { argv } from 'node:process';
import { fileURLToPath } from 'node:url';
import assembler from 'wabt';
import { kernelWat } from './wat.mjs';

const features = { simd: true, relaxed_simd: true };
const target = fileURLToPath(new URL('binaries.ts', import.meta.url));

/** Both builds as the bytes of a WebAssembly module. */
export async function assembleKernel() {
  const { parseWat } = await assembler();
  const assemble = (swizzle) => {
    const module = parseWat('kernel.wat', kernelWat(swizzle), features);
    module.resolveNames();
    module.validate(features);
    const { buffer } = module.toBinary({});
    module.destroy();
    return buffer;
  };
  return { strict: assemble('i8x16.swizzle'), relaxed: assemble('i8x16.relaxed_swizzle') };
}

/** Brings binaries.ts up to date. A text that is the same stays untouched, or everything made of it would be made anew. */
export async function buildKernel() {
  const { strict, relaxed } = await assembleKernel();
  const text = [
    '// Made by build.mjs of wat.mjs; not kept in git.',
    ...Object.entries({ strict, relaxed }).map(([name, bytes]) => `export const ${name} = '${Buffer.from(bytes).toString('base64')}';`),
  ];
  const made = `${text.join('\n')}\n`;
  if (made !== textThere()) writeFileSync(target, made);
}

function textThere() {
  try {
    return readFileSync(target, 'utf8');
  } catch {
    return undefined;
  }
}

if (argv[1] === fileURLToPath(import.meta.url)) await buildKernel();
