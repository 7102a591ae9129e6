import { parseCapability } from '../src/core/crypto/capability.ts';
import { everythingAtRest } from './at-rest.ts';
import { expect, swarmAt, test } from './fixtures.ts';
import { hostileServer } from './hostile-server.ts';
import { startServer } from './server.ts';
import { hashOf, sha256 } from './tab-peer.ts';

/** The ways in which bytes may have been written down. */
function spellings(bytes: Uint8Array): Buffer[] {
  const buffer = Buffer.from(bytes);
  const texts = [buffer.toString('hex'), buffer.toString('hex').toUpperCase(), buffer.toString('base64url'), buffer.toString('base64')];
  return [buffer, ...texts.map((text) => Buffer.from(text.replace(/=+$/, '')))];
}

test('[FLOW-12] no other peer, no server and no log ever holds a file’s name, its bytes or its read key', async ({ browser }) => {
  const server = await startServer({ logLevel: 'debug' });
  const heard: string[] = [];
  // Everything that the tabs say to signaling and ask over HTTP passes through here.
  const between = await hostileServer(server.url, (message) => {
    heard.push(JSON.stringify(message));
    return message;
  });
  const swarm = swarmAt(browser, between.url);
  const storers = await swarm.lenders(3, { apart: true });
  const owner = await swarm.open();
  await owner.seesLenders(3);
  const [name, marker] = ['Kaulquappe-Steuererklaerung.txt', 'the quick silver fish '];
  const file = { name, bytes: Buffer.from(marker.repeat(40_000)) };
  const link = await owner.send(file);
  const reader = await swarm.open({ hash: hashOf(link) });
  expect(await reader.download()).toEqual({ name, size: file.bytes.length, sha256: sha256(file.bytes) });

  const held = await Promise.all(storers.map(({ page }) => everythingAtRest(page)));
  await between.stop();
  await server.stop();
  const served = Buffer.from([...heard, ...between.asked, server.printed()].join('\n'));

  const capability = link.slice(link.indexOf('R.'));
  const rights = parseCapability(capability);
  if (rights.right !== 'read') throw new Error('a link gives the right to read');
  const secrets = [Buffer.from(name), Buffer.from(name, 'utf16le'), Buffer.from(marker), ...spellings(rights.readKey)];
  for (const secret of [...secrets, Buffer.from(capability)])
    for (const place of [...held, served]) expect(place.includes(secret), secret.toString('latin1')).toBe(false);

  // That all this was looked through: what may be known is there.
  for (const place of held) expect(spellings(rights.objectKey).some((spelling) => place.includes(spelling))).toBe(true);
  for (const known of ['"t":"signal"', 'GET / ']) expect(served.includes(known)).toBe(true);
  expect(server.printed()).toMatch(/"level":\d+/);
});
