import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseCapability } from '../../src/core/crypto/capability.ts';
import { nodeCrypto } from '../../src/platform/node/crypto.ts';
import { nodeFile } from '../../src/platform/node/node-file.ts';
import { fileSink } from '../../src/platform/node/sinks.ts';
import { type Decoded, decodeFolder } from './decode.ts';
import { type EncodeJob, type EncodeOptions, encodeFile } from './encode.ts';
import type { Survey } from './survey.ts';

/** A place for one object: its file, folder, capability and what is decoded. */
export interface Desk {
  readonly root: string;
  readonly file: string;
  readonly folder: string;
  readonly capability: string;
  readonly out: string;
  clear(): Promise<void>;
}

export async function desk(content: Uint8Array): Promise<Desk> {
  const root = await mkdtemp(join(tmpdir(), 'shoal-offline-'));
  const at = (name: string): string => join(root, name);
  await writeFile(at('file'), content);
  return {
    root,
    file: at('file'),
    folder: at('object'),
    capability: at('object.cap'),
    out: at('out'),
    clear: () => rm(root, { recursive: true, force: true }),
  };
}

/** Bytes that differ from place to place. */
export const content = (length: number): Uint8Array => Uint8Array.from({ length }, (_, i) => (i * 31 + (i >> 8) * 7 + (i >> 16)) & 0xff);

const never = new AbortController().signal;

export async function encode(at: Desk, more: Partial<EncodeJob> = {}, signal = never, progress: EncodeOptions['progress'] = () => {}) {
  const job: EncodeJob = {
    file: await nodeFile(at.file),
    folder: at.folder,
    capabilityFile: at.capability,
    header: { name: 'file', media: 'a/b', mtime: 1 },
    writeSeed: new Uint8Array(32).fill(1),
    salt: new Uint8Array(24).fill(2),
    k: 3,
    m: 2,
    terms: { version: 1, createdMs: 1, leaseMs: 2, class: 0, policy: { anchorsMin: 0, domainMax: 1 } },
    ...more,
  };
  return encodeFile(job, { crypto: nodeCrypto(), signal, progress });
}

/** Decodes into `at.out`, by the capability file or by the text that is given. */
export async function decode(at: Desk, text?: string, signal = never): Promise<Decoded & { readonly found: Survey }> {
  const capability = parseCapability(text ?? (await readFile(at.capability, 'utf8')).trimEnd());
  let found: Survey | undefined;
  const surveyed = (survey: Survey): void => {
    found = survey;
  };
  const options = { crypto: nodeCrypto(), signal, progress: () => {}, surveyed };
  const decoded = await decodeFolder(at.folder, capability, fileSink(at.out, { overwrite: true }), options);
  return { ...decoded, found: found! };
}
