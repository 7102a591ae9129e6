import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { jsonOf } from '../cli/run.testing.ts';
import { expect, test } from './fixtures.ts';
import { HeadlessPeers } from './headless-peers.ts';
import { hashOf, sha256, testBytes } from './tab-peer.ts';

const file = { name: 'letter.bin', bytes: testBytes(300_000) };

test('[FLOW-27] while whoever keeps a record leaves or is killed, one after another, others come and keep it; the link opens once a holder is back', async ({
  server,
  swarm,
}) => {
  const peers = await HeadlessPeers.start(server.url, test.info().outputPath('swarm'), 2);
  try {
    const path = test.info().outputPath(file.name);
    writeFileSync(path, file.bytes);
    const put = jsonOf({ stdout: await peers.shoal('put', path, '--k', '1', '--m', '1', '--json') });
    const [{ link, id }] = put['files'] as [{ readonly link: string; readonly id: string }];
    /** Another peer has come and keeps the record too. */
    const joins = async (index: number): Promise<void> => {
      await peers.start(index);
      await expect.poll(() => keeps(peers.home(index), id)).toBe(true);
    };
    const reader = await swarm.open({ hash: hashOf(link) });
    await joins(2);
    await peers.end(0, 'SIGKILL');
    await joins(3);
    await peers.end(1, 'SIGTERM');
    await peers.end(2, 'SIGKILL');

    // Nobody of those that there were at first is left, and nobody that holds a shard: who comes now asks those that came meanwhile.
    expect(await peers.online(link)).toBe(0);
    await peers.start(1);
    expect((await reader.download()).sha256).toBe(sha256(file.bytes));
    expect(reader.errors).toEqual([]);
  } finally {
    await peers.endAll();
  }
});

/** Whether the database of a running peer, or what SQLite is about to write to it, has a record whose key begins so. */
function keeps(home: string, id: string): boolean {
  const files = ['values.sqlite', 'values.sqlite-wal'].map((name) => join(home, name)).filter((path) => existsSync(path));
  return files.some((path) => readFileSync(path).includes(id));
}
