import type { Server } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import type { Page } from '@playwright/test';
import { within } from './within.ts';

// PeerJS as documented: one DataConnection, `reliable`, the default serialization (binary), which cuts what is sent into chunks and
// joins them again. An ArrayBuffer, which spares it the reading of a file. What arrives stays in memory.

const require = createRequire(new URL('../others/package.json', import.meta.url));

/** The script that a page needs, by the path under which it asks for it. */
export const peerJsFiles: ReadonlyMap<string, string> = new Map([['/peerjs.js', require.resolve('peerjs/dist/peerjs.min.js')]]);

/** What is used of PeerJS here. */
interface Connection {
  on(event: 'open', heard: () => void): void;
  on(event: 'data', heard: (data: ArrayBuffer | Uint8Array | string) => void): void;
  send(data: ArrayBuffer | string): void;
}
interface Peer {
  on(event: 'open', heard: () => void): void;
  on(event: 'error', heard: (error: Error) => void): void;
  on(event: 'connection', heard: (connection: Connection) => void): void;
  connect(id: string, options: { readonly reliable: true }): Connection;
}
type PeerClass = new (id: string, options: object) => Peer;

const openMs = 20_000;
const sendMs = 300_000;

/** A server that introduces PeerJS peers to each other, on this machine alone. */
export async function startPeerServer(): Promise<{ readonly port: number; close(): void }> {
  const { PeerServer } = require('peer') as {
    PeerServer: (options: object, heard: (server: Server) => void) => unknown;
  };
  const server = await new Promise<Server>((resolve) => PeerServer({ port: 0, host: '127.0.0.1', path: '/' }, resolve));
  const { port } = server.address() as AddressInfo;
  return {
    port,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

/** Sends `bytes` random bytes from one fresh page to another. ms by the sender's clock, from `send` to the word that all is there. */
export async function sendByPeerJs(sender: Page, receiver: Page, port: number, bytes: number): Promise<number> {
  for (const page of [sender, receiver]) await page.addScriptTag({ url: '/peerjs.js' });
  const receiverId = `receiver-${crypto.randomUUID()}`;
  await within(openMs, 'PeerJS to start', receiver.evaluate(answerEach, { id: receiverId, port }));
  return within(openMs + sendMs, 'PeerJS to send', sender.evaluate(send, { id: `sender-${crypto.randomUUID()}`, receiverId, port, bytes }));
}

/** Runs in the page. */
function answerEach({ id, port }: { readonly id: string; readonly port: number }): Promise<void> {
  const { Peer } = Reflect.get(globalThis, 'peerjs') as { readonly Peer: PeerClass };
  const peer = new Peer(id, { host: 'localhost', port, path: '/', config: { iceServers: [] } });
  peer.on('connection', (connection) =>
    connection.on('data', (data) => {
      if (typeof data !== 'string') connection.send(String(data.byteLength));
    }),
  );
  return new Promise((resolve, reject) => {
    peer.on('open', resolve);
    peer.on('error', reject);
  });
}

/** Runs in the page. */
async function send(given: {
  readonly id: string;
  readonly receiverId: string;
  readonly port: number;
  readonly bytes: number;
}): Promise<number> {
  const { Peer } = Reflect.get(globalThis, 'peerjs') as { readonly Peer: PeerClass };
  const content = new Uint8Array(given.bytes);
  for (let offset = 0; offset < content.length; offset += 65_536) crypto.getRandomValues(content.subarray(offset, offset + 65_536));
  const peer = new Peer(given.id, { host: 'localhost', port: given.port, path: '/', config: { iceServers: [] } });
  await new Promise<void>((resolve, reject) => {
    peer.on('open', resolve);
    peer.on('error', reject);
  });
  const connection = peer.connect(given.receiverId, { reliable: true });
  await new Promise<void>((resolve) => connection.on('open', resolve));
  return new Promise((resolve, reject) => {
    const began = performance.now();
    connection.on('data', (data) => {
      if (Number(data) === given.bytes) resolve(performance.now() - began);
      else reject(new Error(`${String(data)} bytes arrived`));
    });
    connection.send(content.buffer);
  });
}
