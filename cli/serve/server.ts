import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ShoalError } from '../../src/core/errors.ts';
import { createServer, type Server } from '../../signaling/server.ts';
import type { Config } from '../config/schema.ts';
import type { Context } from '../context.ts';

/** Starts the server of page and signaling; without a built page, of signaling alone. Throws what to do when the machine refuses. */
export async function startServer(config: Config, { pageFolder, version }: Pick<Context, 'pageFolder' | 'version'>): Promise<Server> {
  const { peers: _peers, ...server } = config.server;
  const page = hasPage(pageFolder) ? { page: pageFolder } : {};
  try {
    const started = await createServer({ ...server, logLevel: config.logLevel }, { version, ...page });
    await started.listen();
    return started;
  } catch (error) {
    throw new ShoalError('internal', whyNot(error, config.server));
  }
}

export function hasPage(pageFolder: string): boolean {
  return existsSync(join(pageFolder, 'index.html'));
}

/** What the system says, in words that tell what to do. */
function whyNot(error: unknown, { host, port, tlsCert, tlsKey }: Config['server']): string {
  const { code = '', syscall = '', path = '' } = error as NodeJS.ErrnoException;
  if (code === 'EADDRINUSE') return `port ${port} is taken: stop what uses it, or choose another with --port`;
  if (code === 'EACCES' && syscall === 'listen') return `port ${port} may not be used by this user: choose one above 1023 with --port`;
  if (code === 'ENOTFOUND' || code === 'EADDRNOTAVAIL' || code === 'EAI_AGAIN')
    return `${host} is not an address of this machine: choose another with --host`;
  if (path !== '') return `${path} cannot be read: ${code === 'ENOENT' ? 'there is no such file' : code}`;
  if (code.startsWith('ERR_OSSL') || code.startsWith('ERR_SSL')) return `${tlsCert} and ${tlsKey} are not a certificate and its key in PEM`;
  return `the server did not start: ${error instanceof Error ? error.message : String(error)}`;
}

/** Browsers give WebCrypto and service workers, and so Shoal, only to secure contexts: https, or this machine itself. */
export function warnings({ host, tlsCert }: Config['server']): string[] {
  if (tlsCert !== undefined || host === 'localhost' || host === '::1' || host.startsWith('127.')) return [];
  return [
    'Warning: without TLS, browsers on other machines give this page no secure context, and Shoal does not run there.',
    'Give --tls-cert and --tls-key, or put a proxy with TLS in front.',
  ];
}
