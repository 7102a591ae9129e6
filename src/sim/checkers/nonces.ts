import { equalBytes } from '../../core/bytes/compare.ts';
import { toHex } from '../../core/bytes/text.ts';
import type { Checker } from './checker.ts';

/** Under one key no nonce is ever used for two plaintexts. The same one again is no harm: stripes are sealed anew when they are sent. */
export const noncesAreOnce: Checker = {
  invariant: 'no-nonce-on-two-plaintexts',
  watch({ check }) {
    /** Digests of plaintexts by key and nonce. */
    const sealed = new Map<string, Uint8Array>();
    return {
      sealed(key, nonce, digest) {
        const name = `${toHex(key.subarray(0, 16))} ${toHex(nonce)}`;
        const before = sealed.get(name);
        check(before === undefined || equalBytes(before, digest), () => `nonce ${toHex(nonce)} was used on two plaintexts`);
        if (before === undefined) sealed.set(name, digest);
      },
    };
  },
};
