import * as Comlink from 'comlink';
import type { DialEvents, Dialer, Dialing, SignalData } from '../../peer/ports.ts';
import { ChannelDialing } from '../channel-dialing.ts';
import { lowWaterBytes } from '../channel-link.ts';
import type { ConnectionFactory, FromPage, FromWorker } from './connection-messages.ts';
import { PumpedChannel } from './pump.ts';

/** The page's connections as the worker sees them: passed by `Comlink.proxy`. */
export interface RemoteConnections {
  open(...request: Parameters<ConnectionFactory['open']>): void | Promise<void>;
}

/**
 * The Dialer of a tab, in its peer worker (SPEC RTC-*). RTCPeerConnections are the page's; this asks for them and turns what comes
 * back, a transferred channel or the pump in its place, into Links.
 */
export function createDialer(page: RemoteConnections, iceServers: () => readonly RTCIceServer[]): Dialer {
  return {
    dial: (_node, initiator, events) => dialByPage(page, { initiator, iceServers: [...iceServers()] }, events),
  };
}

function dialByPage(
  page: RemoteConnections,
  request: { initiator: boolean; iceServers: readonly RTCIceServer[] },
  events: DialEvents,
): Dialing {
  const { port1, port2 } = new MessageChannel();
  const tell = (message: FromWorker) => port1.postMessage(message);
  const connection = { signal: (data: SignalData) => tell({ type: 'signal', data }), close: () => tell({ type: 'close' }) };
  const dialing = new ChannelDialing(connection, request.initiator, events);
  port1.onmessage = ({ data }: MessageEvent<FromPage>) => {
    receive(dialing, data);
    if (data.type === 'closed') port1.close();
  };
  Promise.resolve(page.open(request, Comlink.transfer(port2, [port2]))).catch((error: Error) =>
    dialing.end(`the page could not connect: ${error.message}`),
  );
  return dialing;
}

function receive(dialing: ChannelDialing, message: FromPage): void {
  switch (message.type) {
    case 'channel':
      message.channel.binaryType = 'arraybuffer';
      message.channel.bufferedAmountLowThreshold = lowWaterBytes;
      return dialing.opens(message.channel);
    case 'pump':
      return dialing.opens(new PumpedChannel(message.port));
    case 'signal':
      return dialing.tell(message.data);
    case 'identity':
      return dialing.identify(message);
    case 'bye':
      return dialing.end('the other side left', true);
    case 'closed':
      return dialing.end(message.reason);
  }
}
