import { RTCPeerConnection } from 'node-datachannel/polyfill';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import type { Dialing, Link, SignalData } from '../../peer/ports.ts';
import { type DialerPair, linkContract } from '../links.contract.ts';
import { shoalChannelId } from '../channel-link.ts';
import { nodeDialer } from './dialer.ts';

async function pair(): Promise<DialerPair> {
  const dialers = [nodeDialer(() => []), nodeDialer(() => [])] as const;
  return {
    dialers,
    settle: async (done) => void (await vi.waitUntil(done, { timeout: 10_000, interval: 5 })),
    close: async () => void (await Promise.all(dialers.map((dialer) => dialer.leave()))),
  };
}

linkContract('WebRTC in Node', pair);

interface End {
  readonly dialing: Dialing;
  readonly said: SignalData[];
  readonly links: Link[];
  readonly failures: string[];
}

/** One end whose signals go nowhere by themselves. */
function end(initiator: boolean): End {
  const dialer = nodeDialer(() => []);
  onTestFinished(() => dialer.leave());
  const heard = { said: [] as SignalData[], links: [] as Link[], failures: [] as string[] };
  const dialing = dialer.dial('', initiator, {
    signal: (data) => void heard.said.push(data),
    link: (link) => void heard.links.push(link),
    failed: (reason) => void heard.failures.push(reason),
  });
  return { ...heard, dialing };
}

const typesOf = ({ said }: End) => said.map(({ type }) => type);
const isCandidate = ({ type }: SignalData) => type === 'candidate';
const first = async (from: End, type: SignalData['type']): Promise<SignalData> => {
  await expect.poll(() => typesOf(from)).toContain(type);
  return from.said.find((data) => data.type === type)!;
};

describe('negotiation in Node', () => {
  test('[NRTC-3] the initiator says no candidate before it has the answer; candidates that come before a description wait for it', async () => {
    const [a, b] = [end(true), end(false)];
    const offer = await first(a, 'offer');
    b.dialing.signal(offer);
    const answer = await first(b, 'answer');
    await expect.poll(() => b.said.filter(isCandidate).length).toBeGreaterThan(0);
    expect(typesOf(a)).toEqual(['offer']);
    for (const candidate of b.said.filter(isCandidate)) a.dialing.signal(candidate);
    a.dialing.signal(answer);
    await expect.poll(() => a.said.filter(isCandidate).length).toBeGreaterThan(0);
    for (const candidate of a.said.filter(isCandidate)) b.dialing.signal(candidate);
    await expect.poll(() => [a.links.length, b.links.length], { timeout: 10_000 }).toEqual([1, 1]);
  });

  test('[NRTC-2] the offer says that the initiator begins DTLS, and the answer agrees', async () => {
    const [a, b] = [end(true), end(false)];
    const offer = await first(a, 'offer');
    b.dialing.signal(offer);
    const answer = await first(b, 'answer');
    expect([offer, answer].map((data) => data.type !== 'candidate' && /a=setup:(\w+)/.exec(data.sdp)?.[1])).toEqual(['active', 'passive']);
  });

  test('[NRTC-3] candidates that cannot be used break nothing', async () => {
    const [a, b] = [end(true), end(false)];
    b.dialing.signal(await first(a, 'offer'));
    const unusable = ['candidate:1 1 udp 2113937151 0e7f5b3a-5c0e.local 5353 typ host', 'candidate:nonsense', ''];
    for (const candidate of unusable) b.dialing.signal({ type: 'candidate', candidate, sdpMid: '0', sdpMLineIndex: 0 });
    a.dialing.signal(await first(b, 'answer'));
    await expect.poll(() => a.said.filter(isCandidate).length).toBeGreaterThan(0);
    for (const candidate of a.said.filter(isCandidate)) b.dialing.signal(candidate);
    for (const candidate of b.said.filter(isCandidate)) a.dialing.signal(candidate);
    await expect.poll(() => [a.links.length, b.links.length], { timeout: 10_000 }).toEqual([1, 1]);
  });

  test('[RTC-9] a description of the wrong kind, with two fingerprints or that does not parse fails the dial', async () => {
    const { said } = end(true);
    await expect.poll(() => said.length).toBeGreaterThan(0);
    const offer = said[0] as Extract<SignalData, { readonly sdp: string }>;
    const line = /a=fingerprint:.*\r\n/.exec(offer.sdp)![0];
    for (const wrong of [
      { type: 'answer', sdp: offer.sdp },
      { type: 'offer', sdp: offer.sdp.replace(line, line + line) },
      { type: 'offer', sdp: line },
    ] as const) {
      const answerer = end(false);
      answerer.dialing.signal(wrong);
      await expect.poll(() => answerer.failures).toHaveLength(1);
      expect(answerer.links).toEqual([]);
    }
  });

  test('[NRTC-4] a dial that was given up or failed leaves no connection', async () => {
    const dialer = nodeDialer(() => []);
    const dialing = dialer.dial('', true, { signal() {}, link() {}, failed() {} });
    expect(dialer.open).toBe(1);
    dialing.close();
    expect(dialer.open).toBe(0);
  });

  test('[NRTC-1] another side that opens more than one ordinary channel loses the connection', async () => {
    const b = end(false);
    const pc = new RTCPeerConnection({ iceServers: [] });
    onTestFinished(() => pc.close());
    pc.createDataChannel('shoal', { negotiated: true, id: shoalChannelId });
    const channels = ['bye', 'one more'].map((label) => pc.createDataChannel(label));
    pc.onicecandidate = ({ candidate }) => {
      if (candidate) b.dialing.signal({ type: 'candidate', candidate: candidate.candidate, sdpMid: '0', sdpMLineIndex: 0 });
    };
    await pc.setLocalDescription({ type: 'offer' });
    const { sdp } = (await pc.createOffer()) as RTCSessionDescription;
    b.dialing.signal({ type: 'offer', sdp });
    const answer = (await first(b, 'answer')) as Extract<SignalData, { readonly sdp: string }>;
    await pc.setRemoteDescription({ type: 'answer', sdp: answer.sdp });
    await expect.poll(() => b.said.filter(isCandidate).length).toBeGreaterThan(0);
    for (const data of b.said) if (data.type === 'candidate') await pc.addIceCandidate(data);
    await expect.poll(() => channels.every(({ readyState }) => readyState === 'closed'), { timeout: 10_000 }).toBe(true);
  });

  test('[NRTC-6] a dial whose servers the engine refuses fails, and says why', async () => {
    const failures: string[] = [];
    const dialer = nodeDialer(() => [{ urls: 'stun:a.example:abc' }]);
    dialer.dial('', true, { signal() {}, link() {}, failed: (reason) => void failures.push(reason) });
    await expect.poll(() => failures).toEqual([expect.stringContaining('could not be made')]);
    expect(dialer.open).toBe(0);
  });
});
