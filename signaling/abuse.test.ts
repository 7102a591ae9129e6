import { afterEach, describe, expect, test } from 'vitest';
import { clientMessageBytesMax, closeCodes } from '../src/core/wire/signaling.ts';
import { joinMessage, SignalingClient, testKey } from '../test/signaling-client.ts';
import type { ConfigInput } from './config.ts';
import { createServer, type Server } from './server.ts';

const servers: Server[] = [];
const [alice, bob] = [testKey(), testKey()];
const never = (burst: number) => ({ perSecond: 0, burst });

/** A server whose log lines are kept; the clock of its rates stands still. */
async function serve(limits: ConfigInput['limits'] = {}): Promise<{ url: string; lines: string[]; server: Server }> {
  const lines: string[] = [];
  const logs = { write: (line: string) => void lines.push(line) };
  const server = await createServer({ host: '127.0.0.1', port: 0, logLevel: 'debug', limits }, { logs, now: () => 0 });
  await server.listen();
  servers.push(server);
  return { url: server.url, lines, server };
}

afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

describe('messages that are not acceptable', () => {
  test.each([
    ['what is no JSON', 'hello', 'bad-input'],
    ['JSON that is no object', '[1]', 'bad-input'],
    ['an object without a kind', '{}', 'bad-input'],
    ['binary', Buffer.from('{"t":"leave"}'), 'bad-input'],
    ['a known kind in the wrong shape', '{"t":"knock","to":"x"}', 'bad-input'],
    ['an unknown key', '{"t":"leave","why":"x"}', 'bad-input'],
    ['an unknown kind', '{"t":"dance"}', 'too-new'],
    ['a join of a later version', '{"t":"join","v":2}', 'too-new'],
    ['more bytes than a message may have', ' '.repeat(clientMessageBytesMax + 1), 'too-large'],
  ])('[SGN-14] %s gets a typed error and the socket lives', async (_name, payload, code) => {
    const { url } = await serve();
    const client = new SignalingClient(url);
    const { challenge } = await client.next('challenge');
    client.sendRaw(payload);
    expect((await client.next('error')).code).toBe(code);
    client.send(joinMessage(alice, challenge, 'one'));
    await client.next('peers');
  });

  test('[SGN-14] the offence that is one too many closes the socket', async () => {
    const { url } = await serve({ offences: never(2) });
    const client = new SignalingClient(url);
    await client.next('challenge');
    for (let i = 0; i < 4; i++) client.sendRaw('x');
    for (let i = 0; i < 3; i++) expect((await client.next('error')).code).toBe('bad-input');
    expect((await client.closed).code).toBe(closeCodes.refused);
  });

  test('[SGN-15] a message of more than 64 KiB is not read: close code 1009', async () => {
    const { url } = await serve();
    const client = new SignalingClient(url);
    await client.next('challenge');
    client.sendRaw(' '.repeat(65_537));
    expect((await client.closed).code).toBe(1009);
  });
});

describe('too much of it', () => {
  test('[SGN-17] a socket over its rate of a kind is answered busy, other kinds go through', async () => {
    const { url } = await serve({ socket: { knock: never(2) } });
    const [one, two] = [new SignalingClient(url), new SignalingClient(url)];
    await one.join(alice, 'one');
    await two.join(bob, 'one');
    for (let i = 0; i < 3; i++) two.send({ t: 'knock', to: alice.node });
    two.send({ t: 'signal', to: alice.node, data: { type: 'offer', sdp: 'x' } });
    expect((await two.next('error')).code).toBe('busy');
    await one.next('joined');
    await one.next('knock');
    await one.next('knock');
    await one.next('signal');
  });

  test('[SGN-17] sockets of one network prefix share a rate', async () => {
    const { url } = await serve({ prefix: { knock: never(1) } });
    const [one, two] = [new SignalingClient(url), new SignalingClient(url)];
    await one.join(alice, 'one');
    await two.join(bob, 'one');
    await one.next('joined');
    one.send({ t: 'knock', to: bob.node });
    await two.next('knock');
    two.send({ t: 'knock', to: alice.node });
    expect((await two.next('error')).code).toBe('busy');
  });

  test.each([
    ['in all', { socketsMax: 1 }],
    ['from one network prefix', { socketsPerPrefixMax: 1 }],
    ['in a short time from one network prefix', { prefix: { connect: never(1) } }],
  ])('[SGN-16] a socket too many %s is told busy and closed', async (_name, limits) => {
    const { url } = await serve(limits);
    await new SignalingClient(url).next('challenge');
    const late = new SignalingClient(url);
    expect((await late.next('error')).code).toBe('busy');
    expect((await late.closed).code).toBe(closeCodes.busy);
  });

  test('[SGN-16] a closed socket makes room for another', async () => {
    const { url } = await serve({ socketsMax: 1 });
    const first = new SignalingClient(url);
    await first.next('challenge');
    first.socket.close();
    await first.closed;
    await new SignalingClient(url).next('challenge');
  });

  test('[SGN-19] a peer that reads too slowly is cut, so that nothing piles up for it', async () => {
    const { url } = await serve({ sendBufferBytesMax: 1, socket: { signal: never(100_000) }, prefix: { signal: never(100_000) } });
    const [slow, sender] = [new SignalingClient(url), new SignalingClient(url)];
    await slow.join(alice, 'one');
    await sender.join(bob, 'one');
    slow.socket.pause();
    const data = { type: 'offer', sdp: 'x'.repeat(16_384) } as const;
    const gone = sender.next('left');
    for (let i = 0; i < 2_000; i++) sender.send({ t: 'signal', to: alice.node, data });
    expect((await gone).node).toBe(alice.node);
    slow.socket.terminate();
  });
});

describe('sockets without life', () => {
  test('[SGN-13] one that answers no ping is cut and its peer leaves; one that answers stays', async () => {
    const { url } = await serve({ pingEveryMs: 15 });
    const [alive, dead] = [new SignalingClient(url), new SignalingClient(url, { answersPings: false })];
    await alive.join(alice, 'one');
    await dead.join(bob, 'one');
    await alive.next('joined');
    expect((await alive.next('left')).node).toBe(bob.node);
    expect((await dead.closed).code).toBe(1006);
    expect(alive.socket.readyState).toBe(alive.socket.OPEN);
  });

  test('[SGN-21] a server that ends tells every socket, and nobody that the others left', async () => {
    const { url, server } = await serve();
    const [one, two, waiting] = [new SignalingClient(url), new SignalingClient(url), new SignalingClient(url)];
    await two.join(bob, 'one');
    await one.join(alice, 'one');
    await two.next('joined');
    await waiting.next('challenge');
    await server.close();
    for (const client of [one, two, waiting]) {
      expect((await client.closed).code).toBe(1001);
      expect(client.unread).toEqual([]);
    }
  });
});

test('[SGN-20] logs say what happened, and neither addresses, ids, swarms nor payloads', async () => {
  const { url, lines, server } = await serve({ offences: never(3) });
  const client = new SignalingClient(url);
  const { challenge } = await client.next('challenge');
  const join = joinMessage(alice, challenge, 'secret-swarm');
  client.sendRaw('payload-that-is-no-json');
  await client.next('error');
  client.sendRaw(JSON.stringify({ t: 'knock', to: bob.node, note: 'payload-note' }));
  await client.next('error');
  client.send(join);
  await client.next('peers');
  client.send({ t: 'signal', to: alice.node, data: { type: 'offer', sdp: 'payload-sdp' } });
  await client.next('signal');
  await fetch(new URL('/payload-path?payload-query', url), { headers: { 'user-agent': 'payload-agent' } });
  await fetch(url, { method: 'POST', body: '{payload-body', headers: { 'content-type': 'application/json' } });
  client.sendRaw(' '.repeat(70_000));
  await client.closed;
  await server.close();
  const text = lines.join('');
  for (const line of lines) expect(JSON.parse(line)).toHaveProperty('time');
  expect(text).toContain('"event":"joined"');
  expect(text).toContain('"event":"refused","code":"bad-input"');
  expect(text).toContain('"event":"broken"');
  for (const secret of ['127.0.0.1', 'payload', 'secret-swarm', alice.node, alice.key, bob.node, challenge, join.signature]) {
    expect(text).not.toContain(secret);
  }
});
