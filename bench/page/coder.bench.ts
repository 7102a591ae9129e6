import { referenceCoder } from '../../src/core/erasure/reference.ts';
import { bestCoding, codersBy, codings } from '../../workers/kernel/kernel.ts';
import { benchmark } from '../benchmark.ts';
import { blockBytes, checkCoders, decodeSpeed, encodedRoom, encodeSpeed, oneLost, speedOfAsync, threeLost } from '../coding.ts';
import { interleaved } from '../measure.ts';

// All speeds of coding count the bytes of the k inputs that are walked. Of three lost blocks as many bytes come out as of encoding, so
// counting those instead would give the same ratio; of one by XOR a third as many, and a third of the ratio.

/** Calls to WebCrypto at once, in the faster of the two ways to use it. */
const atOnce = 4;

/** WebCrypto encrypting one message of 256 KiB under a nonce that does not matter here. */
async function encryption(): Promise<() => Promise<void>> {
  const key = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt']);
  const message = crypto.getRandomValues(new Uint8Array(65_536));
  const whole = new Uint8Array(blockBytes);
  for (let at = 0; at < whole.length; at += message.length) whole.set(message, at);
  const algorithm = { name: 'AES-GCM', iv: new Uint8Array(12) };
  return async () => {
    const sealed = await crypto.subtle.encrypt(algorithm, key, whole);
    if (sealed.byteLength !== blockBytes + 16) throw new Error('WebCrypto gave no tag');
  };
}

benchmark('coder', async () => {
  if (bestCoding() !== 'relaxed') throw new Error(`the kernel chosen here is ${bestCoding()}, not relaxed`);
  for (const coding of codings) checkCoders(coding, codersBy(coding));
  const [relaxed, strict, packed, table] = [...codings.map(codersBy), referenceCoder].map(encodedRoom);
  const encrypt = await encryption();
  const several = async (): Promise<void> => void (await Promise.all(Array.from({ length: atOnce }, encrypt)));

  const { samples, by } = await interleaved({
    encode: async () => encodeSpeed(relaxed!),
    decode: async () => decodeSpeed(relaxed!, threeLost),
    xor: async () => decodeSpeed(relaxed!, oneLost),
    strict: async () => encodeSpeed(strict!),
    packed: async () => encodeSpeed(packed!),
    table: async () => encodeSpeed(table!),
    aes: () => speedOfAsync(blockBytes, encrypt),
    aesAtOnce: () => speedOfAsync(atOnce * blockBytes, several),
  });
  const bestAes = samples.aes.map((speed, window) => Math.max(speed, samples.aesAtOnce[window]!));
  const unit = 'MB/s of data';
  return [
    { name: '6+3 encode, relaxed, Chromium', unit, samples: samples.encode },
    { name: '6+3 encode, strict, Chromium', unit, samples: samples.strict },
    { name: 'AES-256-GCM of 256 KiB, one after another', unit, samples: samples.aes },
    { name: `AES-256-GCM of 256 KiB, ${atOnce} at once`, unit, samples: samples.aesAtOnce },
    {
      name: 'relaxed encode by AES-GCM, the faster of the two',
      unit: 'times',
      goal: 'rs-relaxed-by-aes',
      samples: samples.encode.map((speed, window) => speed / bestAes[window]!),
    },
    { name: '6+3 decode of three data blocks, relaxed, Chromium', unit: 'MB/s of the k inputs', samples: samples.decode },
    { name: 'decode of three by encode', unit: 'times', goal: 'rs-decode-by-encode', samples: by('decode', 'encode') },
    { name: '6+3 decode of one data block by XOR, Chromium', unit: 'MB/s of the k inputs', samples: samples.xor },
    { name: 'one block by XOR by encode', unit: 'times', goal: 'rs-xor-by-encode', samples: by('xor', 'encode') },
    { name: '6+3 encode, packed JavaScript, Chromium', unit, samples: samples.packed },
    { name: '6+3 encode, plain tables, Chromium', unit, samples: samples.table },
    { name: 'packed by plain tables, Chromium', unit: 'times', goal: 'packed-by-table', samples: by('packed', 'table') },
  ];
});
