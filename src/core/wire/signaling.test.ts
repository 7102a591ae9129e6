import { describe, expect, test } from 'vitest';
import { toHex } from '../bytes/text.ts';
import { parseFingerprint } from './fingerprint.ts';
import { candidateCharsMax, clientMessage, joinSigningBytes, sdpCharsMax, serverMessage, swarmPeersMax } from './signaling.ts';

const node = 'ab'.repeat(32);
const candidate = { type: 'candidate', candidate: 'candidate:1 1 udp 1 192.0.2.1 9 typ host', sdpMid: '0', sdpMLineIndex: 0 } as const;
const join = { t: 'join', v: 1, swarm: 'shoal', key: node, hints: { class: 'visitor' }, signature: 'cd'.repeat(64) };

describe('messages to the server', () => {
  test.each([
    ['join', join],
    ['knock', { t: 'knock', to: node }],
    ['offer', { t: 'signal', to: node, data: { type: 'offer', sdp: 'v=0' } }],
    ['candidate', { t: 'signal', to: node, data: candidate }],
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

  test('[SGN-3] keys that are new to a peer are dropped, not refused', () => {
    expect(serverMessage.parse({ t: 'joined', peer: { ...peer, colour: 'red' }, more: 1 })).toEqual({ t: 'joined', peer });
  });

  test('[SGN-3] a list of peers above the limit is refused', () => {
    const list = (length: number) => ({ t: 'peers', you: node, peers: new Array(length).fill(peer), ice: [] });
    expect(serverMessage.safeParse(list(swarmPeersMax)).success).toBe(true);
    expect(serverMessage.safeParse(list(swarmPeersMax + 1)).success).toBe(false);
  });

  test('[SGN-3] only STUN and TURN servers are taken', () => {
    const list = (urls: unknown) => ({ t: 'peers', you: node, peers: [], ice: [{ urls }] });
    expect(serverMessage.safeParse(list(['stun:stun.example.org', 'turns:turn.example.org?transport=tcp'])).success).toBe(true);
    expect(serverMessage.safeParse(list('https://example.org')).success).toBe(false);
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
