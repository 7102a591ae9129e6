import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Serves an empty page, and these files by their paths (`/name.js`), on this machine alone. */
export async function serveFiles(files: ReadonlyMap<string, string>): Promise<{ readonly url: string; close(): void }> {
  const server = createServer(({ url = '/' }, response) => {
    const file = files.get(url);
    if (file !== undefined) response.setHeader('content-type', 'text/javascript').end(readFileSync(file));
    else if (url === '/') response.setHeader('content-type', 'text/html').end('<!doctype html><title>Nothing of ours</title>');
    else response.writeHead(404).end();
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    url: `http://localhost:${(server.address() as AddressInfo).port}/`,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}
