import { type CoderFactory, codersOf } from '../../src/core/erasure/coder.ts';
import { relaxed, strict } from './binaries.ts';
import { packedArithmetic } from './packed.ts';
import { wasmArithmetic } from './wasm.ts';

/** The ways to code, fastest first: WebAssembly with relaxed SIMD, with SIMD as first standardised, and plain JavaScript. */
export const codings = ['relaxed', 'strict', 'packed'] as const;
export type Coding = (typeof codings)[number];

const binaries = { relaxed, strict };

/** The fastest coding that this engine has. It compiles nothing. */
export function bestCoding(): Coding {
  return codings.find((coding) => coding === 'packed' || isValid(binaries[coding])) ?? 'packed';
}

/**
 * The coders of a coding. Throws WebAssembly.CompileError where the engine has no such instructions, or a policy of the page forbids
 * WebAssembly.
 */
export function codersBy(coding: Coding): CoderFactory {
  if (coding === 'packed') return codersOf(packedArithmetic);
  return codersOf(wasmArithmetic(new WebAssembly.Module(bytesOf(binaries[coding]))));
}

/** The coders of this engine, made by the best coding that it lets us have. Compiles a few kilobytes, so it belongs in a worker. */
export function bestCoders(): CoderFactory {
  try {
    return codersBy(bestCoding());
  } catch {
    return codersBy('packed');
  }
}

function isValid(binary: string): boolean {
  return typeof WebAssembly === 'object' && WebAssembly.validate(bytesOf(binary));
}

function bytesOf(binary: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(binary), (character) => character.charCodeAt(0));
}
