import { randomBytes } from 'node:crypto';
import { encodeCapability } from '../../src/core/crypto/capability.ts';
import { objectKeys } from '../../src/core/crypto/keys.ts';
import { createOwnFiles, ownStates } from '../../src/peer/own-files.ts';
import { nodeCrypto } from '../../src/platform/node/crypto.ts';
import { loadNodeIdentity } from '../../src/platform/node/identity.ts';
import { sqliteMetaStore } from '../../src/platform/node/meta-store.ts';
import { inHome, isHome } from './in-home.ts';

/** One entry of the list of own files, without what the swarm knows of it. */
export interface OwnFileAtRest {
  /** As a FileView has it. */
  readonly id: string;
  readonly name: string;
  readonly size: number;
  readonly addedMs: number;
  readonly stored: boolean;
  readonly version: number;
  /** R. */
  readonly capability: string;
}

/** The list of own files in a home that no peer runs in, newest first; empty where there is no home. */
export async function ownFilesAtRest(folder: string): Promise<readonly OwnFileAtRest[]> {
  if (!(await isHome(folder))) return [];
  const crypto = nodeCrypto();
  return inHome(folder, async ({ nodeKey, database }) => {
    const { vault } = await loadNodeIdentity(nodeKey, crypto);
    const meta = await sqliteMetaStore(database);
    try {
      const files = await createOwnFiles(meta, vault, { bytes: randomBytes }, () => undefined).list();
      const listed = files.toReversed().filter(({ file }) => file.state !== ownStates.deleted);
      return listed.map(({ id, file: { writeSeed, name, size, addedMs, state, version } }) => {
        const { objectKey, readKey } = objectKeys(writeSeed);
        return {
          id,
          name,
          size,
          addedMs,
          stored: state === ownStates.stored,
          version,
          capability: encodeCapability({ right: 'read', objectKey, readKey }),
        };
      });
    } finally {
      meta.close();
    }
  });
}
