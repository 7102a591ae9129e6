import { ShoalError } from '../../core/errors.ts';
import type { Aead, Crypto, Identity, Random, Signer } from '../../peer/ports.ts';
import { change, look, type Database, type IdentityRow } from './database.ts';

/** What keys are made with. `crypto.signer` is used only where the engine has no Ed25519 of its own. */
export interface KeyEngine {
  readonly subtle: SubtleCrypto;
  readonly random: Random;
  readonly crypto: Crypto;
}

/**
 * The identity of this profile, made at first use. Its keys are non-extractable: what runs on this origin can use them, never read them.
 * Where the engine has no Ed25519, the node key's seed is kept sealed under the vault key instead, and signed with by `crypto`.
 */
export async function loadIdentity(database: Database, epoch: number, engine: KeyEngine): Promise<Identity> {
  const row =
    (await look(database, ['keys'], (tx) => tx.objectStore('keys').get('identity'))) ??
    (await keep(database, epoch, await makeRow(engine)));
  const vault = aeadOf(engine.subtle, row.vault);
  return { vault, node: await signerOf(engine, row, vault) };
}

async function keep(database: Database, epoch: number, row: IdentityRow): Promise<IdentityRow> {
  await change(database, epoch, ['keys'], (tx) => tx.objectStore('keys').add(row, 'identity'));
  return row;
}

async function makeRow({ subtle, random, crypto }: KeyEngine): Promise<IdentityRow> {
  const vault = await subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt']);
  const pair = await generateEd25519(subtle);
  if (pair !== undefined) {
    return { vault, publicKey: new Uint8Array(await subtle.exportKey('raw', pair.publicKey)), node: { privateKey: pair.privateKey } };
  }
  const seed = random.bytes(32);
  const nonce = random.bytes(12);
  const { publicKey } = await crypto.signer(seed);
  return { vault, publicKey, node: { nonce, sealedSeed: await aeadOf(subtle, vault).seal(nonce, seed) } };
}

/** A non-extractable pair, or undefined where the engine does not know Ed25519. */
async function generateEd25519(subtle: SubtleCrypto): Promise<CryptoKeyPair | undefined> {
  try {
    const made = await subtle.generateKey({ name: 'Ed25519' }, false, ['sign', 'verify']);
    return 'privateKey' in made ? made : undefined;
  } catch (error) {
    if (error instanceof DOMException && error.name === 'NotSupportedError') return undefined;
    throw error;
  }
}

async function signerOf({ subtle, crypto }: KeyEngine, row: IdentityRow, vault: Aead): Promise<Signer> {
  const { node, publicKey } = row;
  if ('privateKey' in node) {
    return { publicKey, sign: async (message) => new Uint8Array(await subtle.sign('Ed25519', node.privateKey, message.slice())) };
  }
  const seed = await vault.open(node.nonce, node.sealedSeed);
  if (seed === undefined) throw new ShoalError('integrity', 'The key of this profile cannot be opened: its stored data is damaged.');
  return crypto.signer(seed);
}

function aeadOf(subtle: SubtleCrypto, key: CryptoKey): Aead {
  return {
    seal: async (nonce, plaintext) => new Uint8Array(await subtle.encrypt({ name: 'AES-GCM', iv: nonce.slice() }, key, plaintext.slice())),
    async open(nonce, ciphertext) {
      try {
        return new Uint8Array(await subtle.decrypt({ name: 'AES-GCM', iv: nonce.slice() }, key, ciphertext.slice()));
      } catch (error) {
        if (error instanceof DOMException && error.name === 'OperationError') return undefined;
        throw error;
      }
    },
  };
}
