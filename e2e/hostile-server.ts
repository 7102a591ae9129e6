import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type WebSocket, WebSocketServer, WebSocket as Client } from 'ws';

/** What a signaling message may become on its way: itself, something else, or nothing. */
export type Tamper = (message: Record<string, unknown>, from: HostileClient) => Record<string, unknown> | undefined;

/** One tab's connection as the server in the middle sees it. */
export interface HostileClient {
  /** Sends the tab a message as if it came from the true server. */
  tell(message: Record<string, unknown>): void;
  /** NodeId, once the true server has said it. */
  readonly node: () => string;
}

export interface HostileServer {
  readonly url: string;
  client(node: string): HostileClient | undefined;
  /** Method, address and headers of every HTTP request that reached it. */
  readonly asked: readonly string[];
  stop(): Promise<void>;
}

/** Stands in front of a true server: passes the page on as it is, and whatever the tabs say to signaling through `tamper`. */
export async function hostileServer(upstream: string, tamper: Tamper): Promise<HostileServer> {
  const target = new URL(upstream);
  const clients = new Set<HostileClient>();
  const asked: string[] = [];
  const http = createServer((request, response) => {
    asked.push(`${request.method} ${request.url} ${JSON.stringify(request.headers)}`);
    forward(upstream, request, response).catch(() => response.destroy());
  });
  const sockets = new WebSocketServer({ server: http, path: '/signaling' });
  sockets.on('connection', (tab) => clients.add(relay(tab, `ws://${target.host}/signaling`, tamper)));
  await new Promise<void>((resolve) => http.listen(0, 'localhost', resolve));
  return {
    url: `http://localhost:${(http.address() as AddressInfo).port}`,
    client: (node) => [...clients].find((each) => each.node() === node),
    asked,
    async stop() {
      for (const tab of sockets.clients) tab.terminate();
      http.closeAllConnections();
      await new Promise((resolve) => http.close(resolve));
    },
  };
}

async function forward(upstream: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const answer = await fetch(new URL(request.url ?? '/', upstream));
  const headers = Object.fromEntries(answer.headers);
  // fetch has decoded the body.
  delete headers['content-encoding'];
  delete headers['content-length'];
  delete headers['transfer-encoding'];
  response.writeHead(answer.status, headers);
  response.end(Buffer.from(await answer.arrayBuffer()));
}

function relay(tab: WebSocket, url: string, tamper: Tamper): HostileClient {
  const server = new Client(url);
  let node = '';
  const waiting: string[] = [];
  const client: HostileClient = { tell: (message) => tab.send(JSON.stringify(message)), node: () => node };
  server.on('message', (data) => {
    const message = JSON.parse(String(data)) as Record<string, unknown>;
    if (message.t === 'peers') node = String(message.you);
    tab.send(JSON.stringify(message));
  });
  server.on('open', () => {
    for (const text of waiting.splice(0)) server.send(text);
  });
  tab.on('message', (data) => {
    const message = tamper(JSON.parse(String(data)) as Record<string, unknown>, client);
    if (message === undefined) return;
    if (server.readyState === Client.OPEN) server.send(JSON.stringify(message));
    else waiting.push(JSON.stringify(message));
  });
  tab.on('close', () => server.close());
  server.on('close', () => tab.close());
  server.on('error', () => tab.terminate());
  return client;
}
