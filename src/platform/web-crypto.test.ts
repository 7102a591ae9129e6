import { expect, test } from 'vitest';
import { cryptoContract } from './crypto.contract.ts';
import { webCrypto } from './web-crypto.ts';

const { subtle } = globalThis.crypto;

/** An engine from before Ed25519 came to WebCrypto. */
const oldSubtle = new Proxy(subtle, {
  get(target, property) {
    if (property !== 'importKey') return (Reflect.get(target, property) as CallableFunction).bind(target);
    return async (...args: Parameters<SubtleCrypto['importKey']>) => {
      if (args[2] === 'Ed25519') throw new DOMException('Unrecognized name.', 'NotSupportedError');
      return target.importKey(...args);
    };
  },
});

cryptoContract('WebCrypto of Node', () => webCrypto(subtle));
cryptoContract('WebCrypto without Ed25519', () => webCrypto(oldSubtle));

test('[SIG-1] more keys than are remembered are still judged rightly', async () => {
  const crypto = webCrypto(subtle);
  const signer = await crypto.signer(new Uint8Array(32));
  const message = Uint8Array.of(1);
  const signature = await signer.sign(message);
  const unsound = (i: number): Uint8Array => Uint8Array.from({ length: 32 }, (_, at) => (at < 4 ? (i >> (8 * at)) & 0xff : 0xff));
  for (let i = 0; i < 1100; i++) expect(await crypto.verify(unsound(i), message, signature)).toBe(false);
  expect(await crypto.verify(signer.publicKey, message, signature)).toBe(true);
  expect(await crypto.verify(signer.publicKey, message, signature)).toBe(true);
});
