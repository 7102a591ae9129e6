import { describe, expect, test } from 'vitest';
import { concatBytes } from '../core/bytes/compare.ts';
import { fromHex, toHex, toUtf8 } from '../core/bytes/text.ts';
import type { Crypto } from '../peer/ports.ts';
import { speccheck } from './speccheck.contract.ts';

/** RFC 8032 §7.1, tests 1 to 3. */
const rfc8032 = [
  {
    seed: '9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60',
    publicKey: 'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a',
    message: '',
    signature:
      'e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b',
  },
  {
    seed: '4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb',
    publicKey: '3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c',
    message: '72',
    signature:
      '92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00',
  },
  {
    seed: 'c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7',
    publicKey: 'fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025',
    message: 'af82',
    signature:
      '6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a',
  },
];

/** L of Ed25519, little-endian: S + L is a second signature for engines that do not look. */
const orderLittleEndian = fromHex('edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010');

/** What every implementation of the Crypto port must do, to the bit. */
export function cryptoContract(name: string, make: () => Crypto): void {
  describe(`Crypto port: ${name}`, () => {
    const crypto = make();

    test('[KEY-1] SHA-256 (FIPS 180-4)', async () => {
      expect(toHex(await crypto.sha256(toUtf8('abc')))).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
    });

    test('[ENC-3] AES-256-GCM (McGrew and Viega, test cases 13 and 14)', async () => {
      const aead = await crypto.aesGcm(new Uint8Array(32));
      const nonce = new Uint8Array(12);
      expect(toHex(await aead.seal(nonce, new Uint8Array(0)))).toBe('530f8afbc74536b9a963b4f1c4cb738b');
      const sealed = await aead.seal(nonce, new Uint8Array(16));
      expect(toHex(sealed)).toBe('cea7403d4d606b6e074ec5d3baf39d18d0d1c8a799996bf0265b98b5d48ab919');
      expect(await aead.open(nonce, sealed)).toEqual(new Uint8Array(16));
    });

    test('[ENC-3] what is sealed into given memory is written there, and nowhere else', async () => {
      const aead = await crypto.aesGcm(new Uint8Array(32));
      const memory = new Uint8Array(40).fill(7);
      const target = memory.subarray(4, 36);
      expect(await aead.seal(new Uint8Array(12), new Uint8Array(16), target)).toBe(target);
      expect(toHex(memory)).toBe('07070707cea7403d4d606b6e074ec5d3baf39d18d0d1c8a799996bf0265b98b5d48ab91907070707');
    });

    test('[OPEN-3] what was changed or cut does not open, and nothing is thrown', async () => {
      const aead = await crypto.aesGcm(new Uint8Array(32));
      const nonce = new Uint8Array(12);
      const sealed = await aead.seal(nonce, Uint8Array.of(1, 2, 3));
      for (let i = 0; i < sealed.length; i++) expect(await aead.open(nonce, flipped(sealed, i))).toBeUndefined();
      for (const length of [0, 15, 18]) expect(await aead.open(nonce, sealed.subarray(0, length))).toBeUndefined();
      expect(await aead.open(nonce.fill(1), sealed)).toBeUndefined();
    });

    test('[ENC-3] bytes inside a larger buffer are taken for themselves', async () => {
      const aead = await crypto.aesGcm(new Uint8Array(40).subarray(8));
      const within = new Uint8Array(100).subarray(30, 46);
      expect(toHex(await aead.seal(new Uint8Array(20).subarray(3, 15), within))).toMatch(/^cea7403d/);
      expect(await crypto.sha256(within)).toEqual(await crypto.sha256(new Uint8Array(16)));
    });

    test.each(rfc8032)('[SIG-4] Ed25519 (RFC 8032): $publicKey', async ({ seed, publicKey, message, signature }) => {
      const signer = await crypto.signer(fromHex(seed));
      expect(toHex(signer.publicKey)).toBe(publicKey);
      expect(toHex(await signer.sign(fromHex(message)))).toBe(signature);
      expect(await crypto.verify(fromHex(publicKey), fromHex(message), fromHex(signature))).toBe(true);
    });

    test('[SIG-3] a signature is for its message, key and self alone', async () => {
      const { publicKey, message, signature } = rfc8032[2]!;
      const [key, text, signed] = [fromHex(publicKey), fromHex(message), fromHex(signature)];
      expect(await crypto.verify(key, flipped(text, 0), signed)).toBe(false);
      for (const at of [0, 31, 32, 63]) {
        expect(await crypto.verify(key, text, flipped(signed, at))).toBe(false);
        expect(await crypto.verify(flipped(key, at % 32), text, signed)).toBe(false);
      }
    });

    test('[SIG-2] S + L is refused', async () => {
      const { publicKey, message, signature } = rfc8032[1]!;
      const signed = fromHex(signature);
      expect(
        await crypto.verify(
          fromHex(publicKey),
          fromHex(message),
          concatBytes(signed.subarray(0, 32), sum(signed.subarray(32), orderLittleEndian)),
        ),
      ).toBe(false);
    });

    test('[SIG-1, SIG-2] keys and signatures of other lengths are refused, and nothing is thrown', async () => {
      const { publicKey, signature } = rfc8032[0]!;
      const [key, signed] = [fromHex(publicKey), fromHex(signature)];
      const nothing = new Uint8Array(0);
      for (const wrongKey of [nothing, key.subarray(1), concatBytes(key, nothing, Uint8Array.of(0)), new Uint8Array(32).fill(0xff)]) {
        expect(await crypto.verify(wrongKey, nothing, signed)).toBe(false);
      }
      for (const wrong of [nothing, signed.subarray(1), concatBytes(signed, Uint8Array.of(0))])
        expect(await crypto.verify(key, nothing, wrong)).toBe(false);
    });

    test.each(speccheck.map((each, index) => [index, ...each] as const))(
      '[SIG-1, SIG-2] refuses speccheck case %i',
      async (_, message, publicKey, signature) => {
        expect(await crypto.verify(fromHex(publicKey), fromHex(message), fromHex(signature))).toBe(false);
      },
    );
  });
}

function flipped(bytes: Uint8Array, at: number): Uint8Array {
  const changed = bytes.slice();
  changed[at]! ^= 1;
  return changed;
}

/** Sum of two little-endian numbers of 32 bytes. */
function sum(a: Uint8Array, b: Uint8Array): Uint8Array {
  let carry = 0;
  return a.map((byte, i) => {
    const total = byte + b[i]! + carry;
    carry = total >> 8;
    return total & 0xff;
  });
}
