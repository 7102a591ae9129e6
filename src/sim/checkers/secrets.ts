import { toBase64url, toHex, toUtf8 } from '../../core/bytes/text.ts';
import type { MemoryFile } from '../../platform/memory/codec.ts';
import type { Checker } from './checker.ts';

/** Of a file's content so many bytes from its middle are planted; shorter ones might be there by chance. */
const contentBytes = 32;
const secretMin = 16;

/**
 * No frame, no word to the signaling server and no log line has a key, the seed of one, the name of a file or a piece of its content in it.
 * A secret that were cut in two by the edge of a frame would not be found; most are in messages of one frame.
 */
export const secretsStay: Checker = {
  invariant: 'no-planted-secret-leaves',
  watch({ check }) {
    /** Secrets by their first two bytes: that looks at each byte once, and compares where these are met. */
    const byStart = new Map<number, Uint8Array[]>();
    /** A bit for each: all of them stay in the fastest memory. */
    const isStart = new Uint8Array(8_192);
    const texts = new Set<string>();
    const known = new Set<string>();

    const plant = (bytes: Uint8Array): void => {
      const name = toHex(bytes);
      if (bytes.length < secretMin || known.has(name)) return;
      known.add(name);
      const start = bytes[0]! * 256 + bytes[1]!;
      isStart[start >> 3]! |= 1 << (start & 7);
      byStart.set(start, [...(byStart.get(start) ?? []), bytes.slice()]);
      texts.add(name).add(toBase64url(bytes));
    };

    const finds = (frame: Uint8Array): boolean => {
      const end = frame.length - secretMin;
      let start = frame[0]!;
      for (let i = 0; i <= end; i++) {
        start = ((start & 0xff) << 8) | frame[i + 1]!;
        if ((isStart[start >> 3]! & (1 << (start & 7))) !== 0 && byStart.get(start)!.some((secret) => isAt(frame, i, secret))) return true;
      }
      return false;
    };

    return {
      secret: plant,
      sealing(_who, { readKey, name, file }) {
        plant(readKey);
        plant(toUtf8(name));
        texts.add(name);
        const { bytes } = file as MemoryFile;
        const middle = bytes.length >> 1;
        plant(bytes.slice(middle, middle + contentBytes));
      },
      frame(from, to, frame) {
        check(!finds(frame), () => `a frame of ${frame.length} bytes has a secret in it`, from, to);
      },
      said({ node }, text) {
        check(![...texts].some((secret) => text.includes(secret)), () => 'a text has a secret in it', node);
      },
    };
  },
};

function isAt(frame: Uint8Array, offset: number, secret: Uint8Array): boolean {
  if (offset + secret.length > frame.length) return false;
  for (let i = 0; i < secret.length; i++) if (frame[offset + i] !== secret[i]) return false;
  return true;
}
