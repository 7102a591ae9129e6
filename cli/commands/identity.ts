import { existsSync, statSync } from 'node:fs';
import { Command } from 'commander';
import { toHex } from '../../src/core/bytes/text.ts';
import { nodeId } from '../../src/core/crypto/keys.ts';
import { nodeCrypto } from '../../src/platform/node/crypto.ts';
import { homePaths, openHome } from '../../src/platform/node/home.ts';
import { loadNodeIdentity } from '../../src/platform/node/identity.ts';
import { withSettings } from '../config/options.ts';
import type { Context } from '../context.ts';
import { withExamples } from '../help.ts';

export function identityCommand({ io, effective }: Context): Command {
  const command = new Command('identity')
    .description(
      'Shows who the peer of a home is: its NodeId, its public key, and the file that holds its secret key. A home without a key gets one.',
    )
    .option('--json', 'one line of JSON (shoal.identity/1)');
  withExamples(command, [
    ['shoal identity', 'the peer of this user'],
    ['shoal identity --home .shoal/peer-1 --json', 'one of the peers of npm start'],
  ]);
  withSettings(command, ['home']);
  return command.action(async (options: { json?: boolean }) => {
    const { config } = effective(command);
    const { keyFile, created } = await keyOf(config.home);
    const publicKey = (await loadNodeIdentity(keyFile, nodeCrypto())).node.publicKey;
    const node = nodeId(publicKey);
    const mode = (statSync(keyFile).mode & 0o7777).toString(8).padStart(4, '0');
    if (created) io.say(`This home had no key: a new one is in ${keyFile}. Keep a copy of that file; it is all of this peer's identity.`);
    if (options.json) return io.json('identity', { node, publicKey: toHex(publicKey), keyFile, mode, created });
    await io.write(`node        ${node}\npublic key  ${toHex(publicKey)}\nkey file    ${keyFile}\nmode        ${mode}\n`);
  });
}

/** The file of the key, made if it is not there. Reading it needs no lock, so that a running peer can be asked who it is. */
async function keyOf(folder: string): Promise<{ keyFile: string; created: boolean }> {
  if (existsSync(folder)) {
    const { nodeKey } = await homePaths(folder);
    if (existsSync(nodeKey)) return { keyFile: nodeKey, created: false };
  }
  const home = await openHome(folder);
  try {
    const created = !existsSync(home.nodeKey);
    await loadNodeIdentity(home.nodeKey, nodeCrypto());
    return { keyFile: home.nodeKey, created };
  } finally {
    await home.release();
  }
}
