import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { start } from '../cli/run.testing.ts';
import { isLong } from '../test/long.ts';
import { expect, type Swarm, swarmAt, test } from './fixtures.ts';
import { HeadlessPeers } from './headless-peers.ts';
import { startServer, type TestServer } from './server.ts';
import { hashOf, launchBrowser, sha256, TabPeer, testBytes } from './tab-peer.ts';

const file = { name: 'letter.bin', bytes: testBytes(3_000_000) };

/** Each of the six, or for time's sake one. */
const killedInTurn = isLong ? [0, 1, 2, 3, 4, 5] : [4];

test.describe('six headless peers', () => {
  let server: TestServer;
  let swarm: Swarm;
  let peers: HeadlessPeers;
  let homes: string;
  test.beforeAll(async ({ browser }) => {
    server = await startServer();
    swarm = swarmAt(browser, server.url);
    homes = mkdtempSync(join(tmpdir(), 'shoal-headless-'));
    peers = await HeadlessPeers.start(server.url, homes, 6);
  });
  test.afterAll(async () => {
    await peers.endAll();
    await server.stop();
    rmSync(homes, { recursive: true, force: true });
  });

  test('[FLOW-19] dropped in a tab, held by headless peers alone, opened in another browser and by `get`', async () => {
    const sender = await swarm.open();
    await sender.seesLenders(6);
    const link = await sender.send(file);
    await sender.close();

    const other = await launchBrowser();
    const reader = await TabPeer.open(other, server.url, { hash: hashOf(link) });
    expect((await reader.download()).sha256).toBe(sha256(file.bytes));
    await other.close();

    const saved = test.info().outputPath('saved.bin');
    await peers.shoal('get', link, '--out', saved);
    expect(sha256(readFileSync(saved))).toBe(sha256(file.bytes));
  });

  test('[FLOW-20] what `put` stored opens in a tab', async () => {
    const path = test.info().outputPath(file.name);
    writeFileSync(path, file.bytes);
    const link = await peers.shoal('put', path);
    const reader = await swarm.open({ hash: hashOf(link) });
    expect(await reader.download()).toMatchObject({ name: file.name, sha256: sha256(file.bytes) });
  });

  test('[FLOW-21] of six peers each is killed in turn: the file opens without it, and all its shards are back with it', async () => {
    test.setTimeout(240_000);
    const path = test.info().outputPath(file.name);
    writeFileSync(path, file.bytes);
    const link = await peers.shoal('put', path);
    for (const index of killedInTurn) {
      await peers.end(index, 'SIGKILL');
      const saved = test.info().outputPath(`saved-${index}.bin`);
      await peers.shoal('get', link, '--out', saved);
      expect(sha256(readFileSync(saved))).toBe(sha256(file.bytes));
      await peers.start(index);
      await expect.poll(() => peers.online(link), { timeout: 60_000 }).toBe(6);
    }
  });
});

test('[FLOW-22] one command, one tab: what was dropped is there after the command was ended and started again', async ({ browser }) => {
  test.setTimeout(180_000);
  const args = ['serve', '--port', '0', '--peers', '6', '--home', test.info().outputPath('home'), '--log-level', 'error'];
  const first = start(args, { limitMs: 180_000 });
  const [, firstUrl = ''] = await first.says(/Shoal runs at (\S+)\//);
  const sender = await swarmAt(browser, firstUrl).open();
  await sender.seesLenders(6);
  const link = await sender.send(file);
  await expect(sender.page.getByText('all on one machine').first()).toBeVisible();
  first.child.kill('SIGINT');
  expect((await first.ended).status).toBe(0);

  const second = start(['serve', '--port', new URL(firstUrl).port, ...args.slice(3)], { limitMs: 180_000 });
  const [, url = ''] = await second.says(/Shoal runs at (\S+)\//);
  const reader = await swarmAt(browser, url).open({ hash: hashOf(link) });
  expect((await reader.download()).sha256).toBe(sha256(file.bytes));
  second.child.kill('SIGTERM');
  await second.ended;
});
