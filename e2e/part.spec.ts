import { expect, longTest } from './fixtures.ts';
import { hashOf, sha256, testBytes } from './tab-peer.ts';

const megabytes = 20;
/** Where the part begins. */
const middle = megabytes * 500_000;

longTest(
  `[READ-8] 100 kB in the middle of ${megabytes} MB, with every data holder there, cost less than 1 MB from all peers together`,
  async ({ swarm }) => {
    await swarm.lenders(6);
    const owner = await swarm.open();
    await owner.seesLenders(6);
    const big = { name: 'middle.bin', bytes: testBytes(megabytes * 1_000_000) };
    const bigLink = await owner.send(big);
    await owner.close();

    const reader = await swarm.open({ hash: hashOf(bigLink) });
    const card = reader.page.locator('[data-receive]').first();
    await expect(card).toHaveAttribute('data-state', 'ready', { timeout: 60_000 });
    await card.getByText('Download a part').click();
    await card.getByLabel('From byte').fill(String(middle));
    await card.getByLabel('Bytes', { exact: true }).fill('100000');
    const part = await reader.saved(card.getByRole('button', { name: 'Download part' }));
    await expect(card).toHaveAttribute('data-state', 'done');
    expect(part).toEqual({
      name: `middle (bytes ${middle}-${middle + 99_999}).bin`,
      size: 100_000,
      sha256: sha256(big.bytes.subarray(middle, middle + 100_000)),
    });

    await reader.show('Swarm');
    const rows = await reader.page.locator('[data-peer]').all();
    const received = await Promise.all(rows.map(async (row) => Number(await row.getAttribute('data-received'))));
    const sum = received.reduce((total, bytes) => total + bytes, 0);
    expect(sum).toBeGreaterThan(100_000);
    expect(sum).toBeLessThan(1_000_000);
  },
);
