import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { fromHex, toHex } from '../../core/bytes/text.ts';
import { ed25519PublicKey } from '../../core/crypto/ed25519.ts';
import { nobleCrypto } from '../memory/crypto.ts';
import { loadNodeIdentity } from './identity.ts';

describe('node identity', () => {
  let folder: string;
  let file: string;
  const crypto = nobleCrypto();
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'shoal-key-'));
    file = join(folder, 'node.key');
  });
  afterEach(() => rm(folder, { recursive: true }));

  test('[IDENT-5] it is made at first use in a file of mode 0600, and the same ever after', async () => {
    const made = await loadNodeIdentity(file, crypto);
    expect(await readdir(folder)).toEqual(['node.key']);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    const text = await readFile(file, 'utf8');
    expect(text).toMatch(/^[0-9a-f]{64}\n$/);
    expect(made.node.publicKey).toEqual(ed25519PublicKey(fromHex(text.trim())));
    const sealed = await made.vault.seal(new Uint8Array(12), Uint8Array.of(1, 2));
    const again = await loadNodeIdentity(file, crypto);
    expect(again.node.publicKey).toEqual(made.node.publicKey);
    expect(await again.vault.open(new Uint8Array(12), sealed)).toEqual(Uint8Array.of(1, 2));
  });

  test('[IDENT-5] node key and vault key of a known seed', async () => {
    await writeFile(file, `${'01'.repeat(32)}\n`, { mode: 0o600 });
    const { node, vault } = await loadNodeIdentity(file, crypto);
    expect(toHex(node.publicKey)).toBe('8a88e3dd7409f195fd52db2d3cba5d72ca6709bf1d94121bf3748801b40f6f5c');
    expect(toHex(await vault.seal(new Uint8Array(12), Uint8Array.of(1, 2, 3)))).toBe('b8654016faa6146a5b650c420384a807459765');
  });

  test('[IDENT-5] a key that others can read is refused with the command to run', async () => {
    await loadNodeIdentity(file, crypto);
    for (const mode of [0o640, 0o604, 0o660]) {
      await chmod(file, mode);
      await expect(loadNodeIdentity(file, crypto)).rejects.toMatchObject({
        code: 'auth',
        message: expect.stringContaining(`chmod 600 '${file}'`),
      });
    }
  });

  test('[IDENT-5] damaged content is refused and left as it is', async () => {
    for (const text of ['', '01'.repeat(32), `${'AB'.repeat(32)}\n`, `${'01'.repeat(31)}\n`, `${'01'.repeat(32)}\n\n`, 'x'.repeat(65)]) {
      await writeFile(file, text, { mode: 0o600 });
      await expect(loadNodeIdentity(file, crypto), text).rejects.toMatchObject({ code: 'integrity' });
      expect(await readFile(file, 'utf8')).toBe(text);
    }
  });
});
