import { afterEach, describe, expect, test } from 'vitest';
import { closeCodes } from '../src/core/wire/signaling.ts';
import { joinMessage, SignalingClient, testKey } from '../test/signaling-client.ts';
import { memoryBus } from './bus.ts';
import type { ConfigInput } from './config.ts';
import { createServer, type Parts, type Server } from './server.ts';

const servers: Server[] = [];
const [alice, bob, carol] = [testKey(), testKey(), testKey()];
const candidate = { type: 'candidate', candidate: 'candidate:1', sdpMid: '0', sdpMLineIndex: 0 } as const;

async function serve(config: ConfigInput = {}, parts: Parts = {}): Promise<Server> {
  const server = await createServer({ host: '127.0.0.1', port: 0, logLevel: 'silent', ...config }, parts);
  await server.listen();
  servers.push(server);
  return server;
}

afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

test('[SGN-24] a peer that joined and asks whether the server is there is answered; one that did not join is refused', async () => {
  const { url } = await serve();
  const client = new SignalingClient(url);
  const { challenge } = await client.next('challenge');
  client.send({ t: 'alive' });
  expect((await client.next('error')).code).toBe('auth');
  client.send(joinMessage(alice, challenge, 'one'));
  await client.next('peers');
  client.send({ t: 'alive' });
  expect(await client.next('alive')).toEqual({ t: 'alive' });
});

describe('joining', () => {
  test('[SGN-4] each socket gets a challenge of its own', async () => {
    const { url } = await serve();
    const [one, two] = [new SignalingClient(url), new SignalingClient(url)];
    const first = await one.next('challenge');
    expect(first.challenge).toMatch(/^[0-9a-f]{64}$/);
    expect((await two.next('challenge')).challenge).not.toBe(first.challenge);
  });

  test('[SGN-5] whoever proves a key joins as its NodeId and learns who is there', async () => {
    const { url } = await serve({ iceServers: [{ urls: 'stun:stun.example.org' }] });
    const first = new SignalingClient(url);
    expect(await first.join(alice, 'one')).toEqual({ t: 'peers', you: alice.node, peers: [], ice: [{ urls: 'stun:stun.example.org' }] });
    const { peers } = await new SignalingClient(url).join(bob, 'one');
    // Loopback gives no failure-domain hint, and tells that it is this machine.
    expect(peers).toEqual([{ node: alice.node, key: alice.key, class: 'visitor', local: true }]);
  });

  test.each([
    ['a signature by another key', (challenge: string) => ({ ...joinMessage(bob, challenge, 'one'), key: alice.key })],
    ['a signature for another swarm', (challenge: string) => ({ ...joinMessage(alice, challenge, 'two'), swarm: 'one' })],
    ['a signature over another challenge', () => joinMessage(alice, '00'.repeat(32), 'one')],
    ['a key that is no curve point', (challenge: string) => ({ ...joinMessage(alice, challenge, 'one'), key: 'ff'.repeat(32) })],
  ])('[SGN-5] %s is refused, and the socket closed', async (_name, forge) => {
    const { url } = await serve();
    const client = new SignalingClient(url);
    const { challenge } = await client.next('challenge');
    client.send(forge(challenge));
    expect((await client.next('error')).code).toBe('auth');
    expect((await client.closed).code).toBe(closeCodes.refused);
  });

  test('[SGN-5] a join recorded on one socket is worthless on another', async () => {
    const { url } = await serve();
    const [honest, thief] = [new SignalingClient(url), new SignalingClient(url)];
    const recorded = joinMessage(alice, (await honest.next('challenge')).challenge, 'one');
    honest.send(recorded);
    await honest.next('peers');
    await thief.next('challenge');
    thief.send(recorded);
    expect((await thief.next('error')).code).toBe('auth');
    expect((await thief.closed).code).toBe(closeCodes.refused);
  });

  test('[SGN-12] nothing but join is obeyed before it', async () => {
    const { url } = await serve();
    const [client, other] = [new SignalingClient(url), new SignalingClient(url)];
    await other.join(bob, 'one');
    await client.next('challenge');
    client.send({ t: 'knock', to: bob.node });
    expect((await client.next('error')).code).toBe('auth');
  });

  test('[SGN-12] a socket that does not join in time is closed', async () => {
    const { url } = await serve({ limits: { joinDeadlineMs: 20 } });
    const client = new SignalingClient(url);
    await client.next('challenge');
    expect((await client.next('error')).code).toBe('timeout');
    expect((await client.closed).code).toBe(closeCodes.idle);
  });

  test('[SGN-12] one that has joined in time stays beyond it', async () => {
    const { url } = await serve({ limits: { joinDeadlineMs: 50 } });
    const member = new SignalingClient(url);
    await member.join(alice, 'one');
    // It came later and joins never: when its time is over, so is the member's.
    expect((await new SignalingClient(url).closed).code).toBe(closeCodes.idle);
    member.send({ t: 'knock', to: alice.node });
    expect((await member.next('knock')).from).toBe(alice.node);
  });

  test('[SGN-12] a socket joins once', async () => {
    const { url } = await serve({ limits: { socket: { join: { perSecond: 0, burst: 2 } } } });
    const client = new SignalingClient(url);
    const { challenge } = await client.next('challenge');
    client.send(joinMessage(alice, challenge, 'one'));
    await client.next('peers');
    client.send(joinMessage(alice, challenge, 'two'));
    expect((await client.next('error')).code).toBe('bad-input');
  });

  test('[SGN-18] a full swarm takes no further peer, but its own back', async () => {
    const { url } = await serve({ limits: { swarmPeersMax: 1 } });
    await new SignalingClient(url).join(alice, 'one');
    const late = new SignalingClient(url);
    const { challenge } = await late.next('challenge');
    late.send(joinMessage(bob, challenge, 'one'));
    expect((await late.next('error')).code).toBe('full');
    expect((await late.closed).code).toBe(closeCodes.busy);
    await new SignalingClient(url).join(alice, 'one');
  });
});

describe('in a swarm', () => {
  test('[SGN-7] its members hear who joins and who leaves, however it leaves', async () => {
    const { url } = await serve();
    const [watcher, polite, abrupt] = [new SignalingClient(url), new SignalingClient(url), new SignalingClient(url)];
    await watcher.join(alice, 'one');
    await polite.join(bob, 'one');
    expect(await watcher.next('joined')).toEqual({ t: 'joined', peer: { node: bob.node, key: bob.key, class: 'visitor', local: true } });
    polite.send({ t: 'leave' });
    expect(await watcher.next('left')).toEqual({ t: 'left', node: bob.node });
    expect((await polite.closed).code).toBe(1000);
    await abrupt.join(carol, 'one');
    await watcher.next('joined');
    abrupt.socket.terminate();
    expect((await watcher.next('left')).node).toBe(carol.node);
  });

  test('[SGN-9] knocks and signals reach the peer they name, from whom they came, unchanged and in order', async () => {
    const { url } = await serve();
    const [one, two] = [new SignalingClient(url), new SignalingClient(url)];
    await one.join(alice, 'one');
    await two.join(bob, 'one');
    two.send({ t: 'knock', to: alice.node });
    two.send({ t: 'signal', to: alice.node, data: { type: 'offer', sdp: 'v=0\r\n' } });
    two.send({ t: 'signal', to: alice.node, data: candidate });
    await one.next('joined');
    expect(await one.next('knock')).toEqual({ t: 'knock', from: bob.node });
    expect(await one.next('signal')).toEqual({ t: 'signal', from: bob.node, data: { type: 'offer', sdp: 'v=0\r\n' } });
    expect(await one.next('signal')).toEqual({ t: 'signal', from: bob.node, data: candidate });
  });

  test('[SGN-9] nothing crosses from one swarm to another', async () => {
    const { url } = await serve();
    const [one, two, three] = [new SignalingClient(url), new SignalingClient(url), new SignalingClient(url)];
    await one.join(alice, 'one');
    expect((await two.join(bob, 'two')).peers).toEqual([]);
    two.send({ t: 'knock', to: alice.node });
    expect(await two.next('error')).toMatchObject({ code: 'not-found', to: alice.node });
    two.send({ t: 'signal', to: alice.node, data: candidate });
    expect(await two.next('error')).toMatchObject({ code: 'not-found', to: alice.node });
    // The first thing that reaches the other swarm is its own.
    await three.join(carol, 'one');
    expect((await one.next('joined')).peer.node).toBe(carol.node);
  });

  test('[SGN-9] naming peers that have left is no offence, however often', async () => {
    const { url } = await serve({ limits: { offences: { perSecond: 0, burst: 1 } } });
    const client = new SignalingClient(url);
    await client.join(alice, 'one');
    for (let i = 0; i < 10; i++) client.send({ t: 'knock', to: bob.node });
    for (let i = 0; i < 10; i++) expect((await client.next('error')).code).toBe('not-found');
    expect(client.socket.readyState).toBe(client.socket.OPEN);
  });

  test('[SGN-10] the newest socket of a key replaces the older one, and the others see no leaving', async () => {
    const { url } = await serve();
    const [older, newer, watcher] = [new SignalingClient(url), new SignalingClient(url), new SignalingClient(url)];
    await older.join(alice, 'one');
    await watcher.join(bob, 'one');
    await older.next('joined');
    await newer.join(alice, 'one');
    expect((await older.next('error')).code).toBe('stale');
    expect((await older.closed).code).toBe(closeCodes.replaced);
    expect((await watcher.next('joined')).peer.node).toBe(alice.node);
    watcher.send({ t: 'knock', to: alice.node });
    expect((await newer.next('knock')).from).toBe(bob.node);
    newer.send({ t: 'leave' });
    expect((await watcher.next('left')).node).toBe(alice.node);
  });
});

describe('several servers on one bus', () => {
  test('[SGN-23] peers of one swarm meet across servers, and a key has one socket over all', async () => {
    const bus = memoryBus();
    const [here, there] = [await serve({}, { bus }), await serve({}, { bus })];
    const [one, two] = [new SignalingClient(here.url), new SignalingClient(there.url)];
    await one.join(alice, 'one');
    await two.join(bob, 'one');
    // What is local there is on another machine than what is local here.
    expect((await one.next('joined')).peer).toEqual({ node: bob.node, key: bob.key, class: 'visitor' });
    expect((await two.next('joined')).peer.node).toBe(alice.node);
    two.send({ t: 'signal', to: alice.node, data: candidate });
    expect(await one.next('signal')).toEqual({ t: 'signal', from: bob.node, data: candidate });
    const moved = new SignalingClient(there.url);
    expect((await moved.join(alice, 'one')).peers.map(({ node }) => node)).toEqual([bob.node]);
    expect((await one.next('error')).code).toBe('stale');
    expect((await one.closed).code).toBe(closeCodes.replaced);
    expect((await two.next('joined')).peer.node).toBe(alice.node);
    moved.send({ t: 'leave' });
    expect((await two.next('left')).node).toBe(alice.node);
  });
});
