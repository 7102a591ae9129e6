import type { SignalData } from '../src/peer/ports.ts';
import { Connector } from '../src/platform/node/connector.ts';
import { expect, swarmAt, test } from './fixtures.ts';
import { type HostileServer, hostileServer, type Tamper } from './hostile-server.ts';
import type { TabPeer } from './tab-peer.ts';

let hostile: HostileServer | undefined;

test.afterEach(() => hostile?.stop());

const linkRefused = (peer: TabPeer) => peer.page.locator('[data-event=refused]', { hasText: /refused \(auth\)/ }).first();

test('[HAND-5] a signaling server that sits in the middle with connections of its own is refused on both sides', async ({
  browser,
  server,
}) => {
  /** The two ends in the middle, per pair of tabs. */
  const ends = new Map<string, { readonly toInitiator: Connector; readonly toResponder: Connector }>();
  let framesCopied = 0;

  const sitBetween = (initiator: string, responder: string) => {
    const end = (isInitiator: boolean, to: string, from: string) =>
      new Connector(isInitiator, [], {
        signal: (data) => hostile?.client(to)?.tell({ t: 'signal', from, data }),
        open() {},
        closed() {},
      });
    const toInitiator = end(false, initiator, responder);
    const toResponder = end(true, responder, initiator);
    const copy = (from: Connector, to: Connector): void => {
      const held: Uint8Array<ArrayBuffer>[] = [];
      to.channel.onopen = () => {
        for (const frame of held.splice(0)) to.channel.send(frame);
      };
      from.channel.onmessage = ({ data }: MessageEvent<ArrayBuffer>) => {
        framesCopied++;
        const frame = new Uint8Array(data);
        if (to.channel.readyState === 'open') to.channel.send(frame);
        else held.push(frame);
      };
      from.channel.onclose = () => to.close();
    };
    copy(toInitiator, toResponder);
    copy(toResponder, toInitiator);
    return { toInitiator, toResponder };
  };

  const tamper: Tamper = (message, from) => {
    if (message.t !== 'signal') return message;
    const [me, other, data] = [from.node(), String(message.to), message.data as SignalData];
    const [initiator, responder] = me < other ? [me, other] : [other, me];
    if (data.type === 'offer') {
      const old = ends.get(initiator);
      old?.toInitiator.close();
      old?.toResponder.close();
      ends.set(initiator, sitBetween(initiator, responder));
    }
    const pair = ends.get(initiator);
    (me === initiator ? pair?.toInitiator : pair?.toResponder)?.signal(data);
    return undefined;
  };
  hostile = await hostileServer(server.url, tamper);
  const swarm = swarmAt(browser, hostile.url);
  const [first, second] = [await swarm.open(), await swarm.open()];
  for (const tab of [first, second]) {
    await tab.show('Swarm');
    await expect(linkRefused(tab)).toBeVisible({ timeout: 30_000 });
    await tab.seesPeers(0);
  }
  // The connections themselves came up: only the signed handshake stood in the way.
  expect(framesCopied).toBeGreaterThan(0);
  for (const { toInitiator, toResponder } of ends.values()) {
    toInitiator.close();
    toResponder.close();
  }
});

test('[HAND-8] an offer with another certificate’s fingerprint gives no link, on either side', async ({ browser, server }) => {
  let offers = 0;
  const fake = Array.from({ length: 32 }, (_, i) => (i + 1).toString(16).padStart(2, '0').toUpperCase()).join(':');
  hostile = await hostileServer(server.url, (message) => {
    const data = message.data as SignalData | undefined;
    if (message.t !== 'signal' || data?.type !== 'offer') return message;
    offers++;
    return { ...message, data: { ...data, sdp: data.sdp.replace(/a=fingerprint:sha-256 \S+/, `a=fingerprint:sha-256 ${fake}`) } };
  });
  const swarm = swarmAt(browser, hostile.url);
  const [first, second] = [await swarm.open(), await swarm.open()];
  // A third offer means that two dials have failed for good.
  await expect.poll(() => offers, { timeout: 45_000 }).toBeGreaterThanOrEqual(3);
  for (const tab of [first, second]) await tab.seesPeers(0);
});

test('[HAND-8] the same server without tampering lets them link', async ({ browser, server }) => {
  hostile = await hostileServer(server.url, (message) => message);
  const swarm = swarmAt(browser, hostile.url);
  const [first, second] = [await swarm.open(), await swarm.open()];
  for (const tab of [first, second]) await tab.seesPeers(1);
});
