import { randomBytes } from 'node:crypto';
import { open } from 'node:fs/promises';
import { fromHex, toHex, toUtf8 } from '../../core/bytes/text.ts';
import { hkdf } from '../../core/crypto/hash.ts';
import { label } from '../../core/crypto/keys.ts';
import { ShoalError } from '../../core/errors.ts';
import type { Crypto, Identity } from '../../peer/ports.ts';
import { ifThere, writeDurably } from './durable-file.ts';

/** The file's whole text: 32 bytes in lower-case hex and a newline. */
const keyText = /^[0-9a-f]{64}\n$/;

/**
 * The identity of a headless peer, made at first use (SPEC IDENT-5): the file holds the node key's 32-byte seed, from which the key of the
 * vault follows too, so that one file is the whole back-up. Call it only by the process that has opened the home.
 *
 * @param file such as `<home>/node.key`
 * Throws `auth` when others may read the file, `integrity` when it is no key.
 */
export async function loadNodeIdentity(file: string, crypto: Crypto): Promise<Identity> {
  const seed = (await readSeed(file)) ?? (await makeSeed(file));
  return { node: await crypto.signer(seed), vault: await crypto.aesGcm(hkdf(seed, label('shoal/vault/1'))) };
}

async function readSeed(file: string): Promise<Uint8Array | undefined> {
  const handle = await ifThere(open(file, 'r'));
  if (handle === undefined) return undefined;
  try {
    const { mode, size } = await handle.stat();
    if ((mode & 0o077) !== 0) {
      throw new ShoalError('auth', `Others on this machine can read the node key. Run: chmod 600 '${file}'`);
    }
    // Whatever lies there may be of any size.
    const text = size === 65 ? await handle.readFile('utf8') : '';
    if (!keyText.test(text)) throw damaged(file);
    return fromHex(text.trimEnd());
  } finally {
    await handle.close();
  }
}

async function makeSeed(file: string): Promise<Uint8Array> {
  const seed = randomBytes(32);
  await writeDurably(file, toUtf8(`${toHex(seed)}\n`), 0o600);
  return seed;
}

function damaged(file: string): ShoalError {
  return new ShoalError(
    'integrity',
    `${file} holds no node key (64 hex digits and a newline). Put the back-up of the key there, or move the file away: then this peer gets a new identity, and what it lends counts as a new peer's.`,
  );
}
