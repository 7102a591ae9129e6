import { describe, expect, test } from 'vitest';
import { coderContract } from '../../src/core/erasure/coder.contract.ts';
import { bestCoding, type Coding, codersBy, codings } from './kernel.ts';

/** What holds of the kernel on an engine whose best coding is `expected`. */
export function kernelContract(engine: string, expected: Coding): void {
  for (const coding of codings.slice(codings.indexOf(expected))) coderContract(`${coding} in ${engine}`, codersBy(coding));

  describe(`the kernel in ${engine}`, () => {
    test('[RS-5] the fastest coding that the engine has is chosen', () => {
      expect(bestCoding()).toBe(expected);
    });

    test('[RS-5] without WebAssembly there is still one', () => {
      const { WebAssembly } = globalThis;
      try {
        Reflect.deleteProperty(globalThis, 'WebAssembly');
        expect(bestCoding()).toBe('packed');
      } finally {
        globalThis.WebAssembly = WebAssembly;
      }
    });
  });
}
