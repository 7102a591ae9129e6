import { readFileSync, writeFileSync } from 'node:fs';
import { start } from '../cli/run.testing.ts';
import { isLong } from '../test/long.ts';
import { expect, swarmAt, test as base } from './fixtures.ts';
import { HeadlessPeers } from './headless-peers.ts';
import { hashOf, launchBrowser, sha256, TabPeer, testBytes } from './tab-peer.ts';

const test = base.extend<{ readonly peers: HeadlessPeers }>({
  peers: async ({ server }, use, info) => {
    const peers = await HeadlessPeers.start(server.url, info.outputPath('swarm'), 6);
    await use(peers);
    await peers.endAll();
  },
});

const file = { name: 'letter.bin', bytes: testBytes(3_000_000) };

test('[FLOW-19] dropped in a tab, held by headless peers alone, opened in another browser and by `get`', async ({
  server,
  swarm,
  peers,
}) => {
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

test('[FLOW-20] what `put` stored opens in a tab', async ({ swarm, peers }) => {
  const path = test.info().outputPath(file.name);
  writeFileSync(path, file.bytes);
  const link = await peers.shoal('put', path);
  const reader = await swarm.open({ hash: hashOf(link) });
  expect(await reader.download()).toMatchObject({ name: file.name, sha256: sha256(file.bytes) });
});

/** Each of the six, or for time's sake one. */
const killedInTurn = isLong ? [0, 1, 2, 3, 4, 5] : [4];

test('[FLOW-21] of six peers each is killed in turn: the file opens without it, and all its shards are back with it', async ({ peers }) => {
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
