import { WebSocket } from 'ws';
import { serverMessageBytesMax } from '../../core/wire/signaling.ts';
import type { Socket } from '../websocket-signaling.ts';

/** A WebSocket of Node in the shape of the browser's, for `WebSocketSignaling`. Throws for an address that is none. */
export function openSocket(url: string): Socket {
  const ws = new WebSocket(url, { maxPayload: serverMessageBytesMax, perMessageDeflate: false });
  const socket: Socket = { onmessage: null, onclose: null, send: (text) => ws.send(text), close: () => ws.close() };
  ws.on('message', (data: Buffer, isBinary) =>
    socket.onmessage?.(new MessageEvent('message', { data: isBinary ? data : data.toString() })),
  );
  // Node 20 has no CloseEvent; its code is all that is read.
  ws.on('close', (code) => socket.onclose?.({ code } as CloseEvent));
  // Nothing to add: `close` follows.
  ws.on('error', () => undefined);
  return socket;
}
