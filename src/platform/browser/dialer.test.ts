import { describe, expect, onTestFinished, test } from 'vitest';
import type { Link, SignalData } from '../../peer/ports.ts';
import type { FromPage, FromWorker } from './connection-messages.ts';
import { candidatesMax } from '../channel-dialing.ts';
import { createDialer } from './dialer.ts';

const fingerprint = 'AB:'.repeat(31) + 'AB';
const sdp = `v=0\r\na=fingerprint:sha-256 ${fingerprint}\r\n`;
const offer: SignalData = { type: 'offer', sdp };
const candidate: SignalData = { type: 'candidate', candidate: 'candidate:1', sdpMid: '0', sdpMLineIndex: 0 };

/** Answers a dial as the page would, by hand; its connection is always pumped. */
function dial() {
  const heard: FromWorker[] = [];
  const failures: string[] = [];
  const links: Link[] = [];
  let port!: MessagePort;
  const page = {
    open(_request: unknown, given: MessagePort) {
      port = given;
      port.onmessage = ({ data }: MessageEvent<FromWorker>) => heard.push(data);
      onTestFinished(() => port.close());
    },
  };
  const dialing = createDialer(page, () => []).dial('', false, {
    signal: () => undefined,
    link: (link) => links.push(link),
    failed: (reason) => failures.push(reason),
  });
  const say = (message: FromPage, transfer: Transferable[] = []) => port.postMessage(message, transfer);
  const open = async (): Promise<Link> => {
    const pump = new MessageChannel();
    onTestFinished(() => pump.port1.close());
    say({ type: 'pump', port: pump.port2 }, [pump.port2]);
    pump.port1.postMessage({ type: 'open' });
    await expect.poll(() => links.length).toBe(1);
    return links[0]!;
  };
  return { dialing, say, open, heard, failures, links };
}

describe('a dial', () => {
  test('[RTC-9] passes one description on and at most 64 candidates', async () => {
    const { dialing, heard, failures } = dial();
    dialing.signal(offer);
    dialing.signal(offer);
    dialing.signal({ type: 'answer', sdp });
    for (let i = 0; i < 2 * candidatesMax; i += 1) dialing.signal(candidate);
    dialing.close();
    await expect.poll(() => heard.at(-1)?.type).toBe('close');
    const signals = heard.flatMap((message) => (message.type === 'signal' ? message.data.type : []));
    expect(signals).toEqual(['offer', ...Array.from({ length: candidatesMax }, () => 'candidate')]);
    expect(failures).toEqual([]);
  });

  test('[RTC-10] fails when the connection shows no single fingerprint before its channel opens', async () => {
    const { say, heard, failures } = dial();
    say({ type: 'identity', localSdp: sdp, remoteSdp: '', certificate: undefined });
    await expect.poll(() => failures).toEqual([expect.stringContaining('exactly one sha-256 fingerprint')]);
    await expect.poll(() => heard).toEqual([{ type: 'close' }]);
  });

  test('[RTC-10] closes the link that opened before, and its fingerprints reject with `auth`', async () => {
    const { say, open, heard, failures } = dial();
    const link = await open();
    const closed = new Promise<boolean>((resolve) => link.listen({ frame: () => undefined, drained: () => undefined, closed: resolve }));
    say({ type: 'identity', localSdp: sdp, remoteSdp: sdp, certificate: new ArrayBuffer(8) });
    await expect(link.fingerprints).rejects.toMatchObject({ code: 'auth' });
    expect(await closed).toBe(false);
    await expect.poll(() => heard).toEqual([{ type: 'close' }]);
    expect(failures).toEqual([]);
  });

  test('[RTC-2] the fingerprints of a link that ends before they are known reject with `not-found`', async () => {
    const { say, open } = dial();
    const link = await open();
    say({ type: 'closed', reason: 'gone' });
    await expect(link.fingerprints).rejects.toMatchObject({ code: 'not-found' });
  });

  test('[RTC-7] says why when the page gives up before the channel opens', async () => {
    const { say, failures, links } = dial();
    say({ type: 'closed', reason: 'the connection failed: ERR_ICE_CONNECTION_FAILURE' });
    await expect.poll(() => failures).toEqual(['the connection failed: ERR_ICE_CONNECTION_FAILURE']);
    expect(links).toEqual([]);
  });
});
