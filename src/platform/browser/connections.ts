/// <reference path="./simple-peer.d.ts" />
import SimplePeer, { type PeerSignal } from 'simple-peer/simplepeer.min.js';
import type { SignalData } from '../../peer/ports.ts';
import { byeText, isBye } from '../bye.ts';
import { shoalChannelId } from '../channel-link.ts';
import type { ConnectionFactory, ConnectionRequest, FromPage, FromWorker } from './connection-messages.ts';
import { handOver } from './pump.ts';

export interface ConnectionsOptions {
  /** Keep every channel on the page and pump its frames, as where transfer is not supported. */
  readonly forcePump: boolean;
}

/** The RTCPeerConnections of this page: they exist only on pages, while the peer that uses them runs in a worker (SPEC RTC-*). */
export interface Connections extends ConnectionFactory {
  /** Tells every other side that this page leaves. */
  sayBye(): void;
  /** Ends every connection, so that the other sides learn at once that the worker behind them is gone. */
  destroyAll(): void;
}

interface Connection {
  sayBye(): void;
  destroy(): void;
}

/** Makes the page's connections; expose the result to the peer worker through comlink. Says `bye` when the page is hidden for good. */
export function createConnections(options: ConnectionsOptions): Connections {
  const all = new Set<Connection>();
  const connections: Connections = {
    open(request, port) {
      const connection = openConnection(request, port, options, () => all.delete(connection));
      all.add(connection);
    },
    sayBye() {
      for (const connection of all) connection.sayBye();
    },
    destroyAll() {
      for (const connection of all) connection.destroy();
    },
  };
  addEventListener('pagehide', () => connections.sayBye());
  return connections;
}

/** One simple-peer, its channel 100 handed to the worker before this returns: a task later it could not be transferred any more. */
function openConnection(request: ConnectionRequest, port: MessagePort, options: ConnectionsOptions, ended: () => void): Connection {
  const tell = (message: FromPage) => port.postMessage(message);
  const peer = new SimplePeer({ initiator: request.initiator, trickle: true, config: { iceServers: [...request.iceServers] } });
  let reason = 'the other side closed the connection';
  peer.on('error', (error) => {
    if (!error.message.includes('User-Initiated Abort')) reason = `the connection failed: ${error.code ?? error.name}`;
  });
  peer.on('close', () => {
    ended();
    tell({ type: 'closed', reason });
    port.close();
  });
  giveChannel(peer, port, options.forcePump);

  peer.on('signal', (signal) => {
    const data = toPort(signal);
    if (data) tell({ type: 'signal', data });
  });
  peer.on('data', (chunk) => {
    if (isBye(chunk)) tell({ type: 'bye' });
  });
  tellIdentity(peer, tell);
  port.onmessage = ({ data }: MessageEvent<FromWorker>) => {
    if (data.type === 'close') peer.destroy();
    else attempt(() => peer.signal(fromPort(data.data)));
  };
  return { sayBye: () => attempt(() => peer.send(byeText)), destroy: () => peer.destroy() };
}

/** Makes channel 100 and hands it over. Without an RTCPeerConnection (there are too many) simple-peer reports that by itself. */
function giveChannel(peer: SimplePeer, port: MessagePort, forcePump: boolean): void {
  try {
    if (peer._pc) handOver(peer._pc.createDataChannel('shoal', { negotiated: true, id: shoalChannelId }), port, forcePump);
  } catch (error) {
    peer.destroy(error as Error);
  }
}

/** Tells, once DTLS is connected, which certificates it really used. */
function tellIdentity(peer: SimplePeer, tell: (message: FromPage) => void): void {
  let watched = false;
  peer.on('signalingStateChange', (state) => {
    const pc = peer._pc;
    if (!pc || state !== 'stable' || watched) return;
    watched = true;
    const transport = pc.sctp?.transport;
    const connected = () => {
      if (transport && transport.state !== 'connected') return;
      transport?.removeEventListener('statechange', connected);
      const certificate = transport?.getRemoteCertificates?.()[0];
      tell({ type: 'identity', localSdp: pc.localDescription?.sdp ?? '', remoteSdp: pc.remoteDescription?.sdp ?? '', certificate });
    };
    transport?.addEventListener('statechange', connected);
    connected();
  });
}

/** simple-peer throws on signals that come after its end and on candidates that do not parse: both are normal from a network. */
function attempt(act: () => void): void {
  try {
    act();
  } catch {
    // Nothing depends on it: a connection that needed this signal fails by its dial timeout.
  }
}

/** The wire form of a signal; undefined for media renegotiation, which never happens here. */
function toPort(signal: PeerSignal): SignalData | undefined {
  switch (signal.type) {
    case 'offer':
    case 'answer':
      return { type: signal.type, sdp: signal.sdp };
    case 'candidate': {
      const { candidate = '', sdpMid = null, sdpMLineIndex = null } = signal.candidate;
      return { type: 'candidate', candidate, sdpMid, sdpMLineIndex };
    }
    default:
      return undefined;
  }
}

/** simple-peer wraps a candidate once more than the wire does. */
function fromPort(data: SignalData): PeerSignal {
  if (data.type !== 'candidate') return { type: data.type, sdp: data.sdp };
  return { type: 'candidate', candidate: { candidate: data.candidate, sdpMid: data.sdpMid, sdpMLineIndex: data.sdpMLineIndex } };
}
