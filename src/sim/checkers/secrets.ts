import { toBase64url, toHex, toUtf8 } from '../../core/bytes/text.ts';
import type { MemoryFile } from '../../platform/memory/codec.ts';
import type { Checker } from './checker.ts';
import { createSecretIndex } from './secret-index.ts';

/** Of a file's content so many bytes from its middle are planted; shorter ones might be there by chance. */
const contentBytes = 32;

/**
 * No frame, no word to the signaling server and no log line has a key, the seed of one, the name of a file or a piece of its content in it,
 * as it is or as text. A secret that were cut in two by the edge of a frame would not be found; most are in messages of one frame.
 */
export const secretsStay: Checker = {
  invariant: 'no-planted-secret-leaves',
  watch({ check }) {
    const secrets = createSecretIndex();
    const known = new Set<string>();

    const plant = (bytes: Uint8Array): void => {
      const name = toHex(bytes);
      if (known.has(name)) return;
      known.add(name);
      for (const form of [bytes.slice(), toUtf8(name), toUtf8(toBase64url(bytes))]) secrets.add(form);
    };

    return {
      secret: plant,
      sealing(_who, { readKey, name, file }) {
        plant(readKey);
        plant(toUtf8(name));
        const { bytes } = file as MemoryFile;
        const middle = bytes.length >> 1;
        plant(bytes.slice(middle, middle + contentBytes));
      },
      frame(from, to, frame) {
        check(!secrets.isIn(frame), () => `a frame of ${frame.length} bytes has a secret in it`, from, to);
      },
      said({ node }, text) {
        check(!secrets.isIn(toUtf8(text)), () => 'a text has a secret in it', node);
      },
    };
  },
};
