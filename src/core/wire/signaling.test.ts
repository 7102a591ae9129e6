import { describe, expect, test } from 'vitest';
import { toHex } from '../bytes/text.ts';
import { parseFingerprint } from './fingerprint.ts';
import { clientMessage } from './client-message.ts';
import { readServerMessage } from './server-message.ts';
import { candidateCharsMax, joinSigningBytes, sdpCharsMax, swarmPeersMax } from './signaling.ts';

const node = 'ab'.repeat(32);
const candidate = { type: 'candidate', candidate: 'candidate:1 1 udp 1 192.0.2.1 9 typ host', sdpMid: '0', sdpMLineIndex: 0 } as const;
const join = { t: 'join', v: 1, swarm: 'shoal', key: node, hints: { class: 'visitor' }, signature: 'cd'.repeat(64) };

describe('messages to the server', () => {
  test.each([
    ['join', join],
    ['knock', { t: 'knock', to: node }],
    ['offer', { t: 'signal', to: node, data: { type: 'offer', sdp: 'v=0' } }],
    ['candidate', { t: 'signal', to: node, data: candidate }],
    ['question whether the server is there', { t: 'alive' }],
    ['leave', { t: 'leave' }],
  ])('[SGN-2] a well-formed %s is taken', (_name, message) => {
    expect(clientMessage.parse(message)).toEqual(message);
  });

  test.each([
    ['an unknown key', { t: 'leave', why: 'x' }],
    ['an unknown key inside', { ...join, hints: { class: 'visitor', os: 'x' } }],
    ['an upper-case id', { t: 'knock', to: node.toUpperCase() }],
    ['a short id', { t: 'knock', to: node.slice(2) }],
    ['another version', { ...join, v: 2 }],
    ['an unknown class', { ...join, hints: { class: 'king' } }],
    ['a swarm with a slash', { ...join, swarm: 'a/b' }],
    ['a swarm of 65 characters', { ...join, swarm: 'a'.repeat(65) }],
    ['a long description', { t: 'signal', to: node, data: { type: 'offer', sdp: 'x'.repeat(sdpCharsMax + 1) } }],
    ['a long candidate', { t: 'signal', to: node, data: { ...candidate, candidate: 'x'.repeat(candidateCharsMax + 1) } }],
    ['a description that is a candidate too', { t: 'signal', to: node, data: { type: 'offer', sdp: 'x', candidate: 'x' } }],
    ['a negative line', { t: 'signal', to: node, data: { ...candidate, sdpMLineIndex: -1 } }],
  ])('[SGN-2] %s is refused', (_name, message) => {
    expect(clientMessage.safeParse(message).success).toBe(false);
  });

  test('[SGN-2] the longest description and candidate are taken', () => {
    const data = [
      { type: 'answer', sdp: 'x'.repeat(sdpCharsMax) },
      { ...candidate, candidate: 'x'.repeat(candidateCharsMax) },
    ];
    for (const each of data) expect(clientMessage.safeParse({ t: 'signal', to: node, data: each }).success).toBe(true);
  });
});

describe('messages from the server', () => {
  const peer = { node, key: node, class: 'visitor' };
  const refused = expect.objectContaining({ code: 'bad-input' });

  test.each([
    ['challenge', { t: 'challenge', challenge: node }],
    [
      'list',
      {
        t: 'peers',
        you: node,
        peers: [peer, { ...peer, domain: 'ab'.repeat(8) }, { ...peer, local: true }],
        ice: [{ urls: 'stun:a', username: 'u', credential: 'c' }],
      },
    ],
    ['join', { t: 'joined', peer }],
    ['leave', { t: 'left', node }],
    ['knock', { t: 'knock', from: node }],
    ['offer', { t: 'signal', from: node, data: { type: 'offer', sdp: 'v=0' } }],
    ['candidate', { t: 'signal', from: node, data: { ...candidate, sdpMid: null, sdpMLineIndex: null } }],
    ['sign of life', { t: 'alive' }],
    ['error', { t: 'error', code: 'busy', detail: 'later', to: node }],
  ])('[SGN-3] a well-formed %s is taken', (_name, message) => {
    expect(readServerMessage(message)).toEqual(message);
  });

  test.each([
    ['no object', null],
    ['a list', []],
    ['an unknown kind', { t: 'news' }],
    ['an upper-case id', { t: 'left', node: node.toUpperCase() }],
    ['a short id', { t: 'left', node: node.slice(2) }],
    ['a missing id', { t: 'knock' }],
    ['an unknown class', { t: 'joined', peer: { ...peer, class: 'king' } }],
    ['a domain that is none', { t: 'joined', peer: { ...peer, domain: 'here' } }],
    ['an empty description', { t: 'signal', from: node, data: { type: 'offer', sdp: '' } }],
    ['a long description', { t: 'signal', from: node, data: { type: 'answer', sdp: 'x'.repeat(sdpCharsMax + 1) } }],
    ['another kind of signal', { t: 'signal', from: node, data: { type: 'rollback', sdp: 'v=0' } }],
    ['a long candidate', { t: 'signal', from: node, data: { ...candidate, candidate: 'x'.repeat(candidateCharsMax + 1) } }],
    ['half a line', { t: 'signal', from: node, data: { ...candidate, sdpMLineIndex: 0.5 } }],
    ['an unknown code', { t: 'error', code: 'bored', detail: '' }],
    ['a long detail', { t: 'error', code: 'busy', detail: 'x'.repeat(257) }],
    ['seventeen ICE servers', { t: 'peers', you: node, peers: [], ice: new Array(17).fill({ urls: 'stun:a' }) }],
    ['an ICE server without an address', { t: 'peers', you: node, peers: [], ice: [{ urls: [] }] }],
  ])('[SGN-3] %s is refused', (_name, message) => {
    expect(() => readServerMessage(message)).toThrow(refused);
  });

  test('[SGN-3] keys that are new to a peer are dropped, not refused', () => {
    expect(readServerMessage({ t: 'joined', peer: { ...peer, colour: 'red' }, more: 1 })).toEqual({ t: 'joined', peer });
  });

  test('[SGN-3] a list of peers above the limit is refused', () => {
    const list = (length: number) => ({ t: 'peers', you: node, peers: new Array(length).fill(peer), ice: [] });
    expect(readServerMessage(list(swarmPeersMax))).toEqual(list(swarmPeersMax));
    expect(() => readServerMessage(list(swarmPeersMax + 1))).toThrow(refused);
  });

  test('[SGN-3] only STUN and TURN servers are taken', () => {
    const list = (urls: unknown) => ({ t: 'peers', you: node, peers: [], ice: [{ urls }] });
    const good = list(['stun:stun.example.org', 'turns:turn.example.org?transport=tcp']);
    expect(readServerMessage(good)).toEqual(good);
    expect(() => readServerMessage(list('https://example.org'))).toThrow(refused);
  });
});

test('[SGN-6] the joining peer signs "shoal/join/1", a zero byte, the challenge and the swarm', () => {
  const challenge = new Uint8Array(32).fill(0xee);
  expect(toHex(joinSigningBytes(challenge, 'ab'))).toBe(`73686f616c2f6a6f696e2f3100${'ee'.repeat(32)}6162`);
});

describe('fingerprints in session descriptions', () => {
  const value = new Array<string>(32).fill('aB').join(':');
  const line = `a=fingerprint:sha-256 ${value}`;
  const sdp = (...lines: string[]): string =>
    ['v=0', 'm=application 9 UDP/DTLS/SCTP webrtc-datachannel', ...lines, 'a=mid:0', ''].join('\r\n');

  test('[FPR-1] the one sha-256 fingerprint is read, upper-cased', () => {
    expect(parseFingerprint(sdp(line))).toBe(value.toUpperCase());
    expect(parseFingerprint(sdp(line).replaceAll('\r\n', '\n'))).toBe(value.toUpperCase());
    expect(parseFingerprint(sdp(line.replace('sha', 'SHA')))).toBe(value.toUpperCase());
  });

  test.each([
    ['none', sdp()],
    ['two', sdp(line, line)],
    ['one of another hash beside it', sdp(line, 'a=fingerprint:sha-1 AB:CD')],
    ['one of another hash alone', sdp(line.replace('sha-256', 'sha-512'))],
    ['one too short', sdp(line.slice(0, -3))],
    ['one too long', sdp(`${line}:00`)],
    ['one that is no hex', sdp(line.replace('aB', 'xy'))],
    ['a second one in a lenient spelling', sdp(line, ` A = fingerprint:sha-256 ${value}`)],
    ['a second one behind a lone carriage return', sdp(line, `a=x\r${line}`)],
  ])('[FPR-1] with %s there is no fingerprint', (_name, text) => {
    expect(parseFingerprint(text)).toBeUndefined();
  });
});
