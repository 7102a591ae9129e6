import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { readCommand } from './command.ts';
import type { Config } from './config.ts';
import { createServer, type Server } from './server.ts';

/** A second Ctrl-C sooner than this is the same one: npm passes on what the terminal has already sent to everyone, ms. */
const sameSignalMs = 500;

const say = (line: string): void => void process.stdout.write(`${line}\n`);

/** Ends with one clear line: status 2 for a mistake in how it was called, 1 for what the machine refused. */
function fail(line: string, status: 1 | 2): never {
  process.stderr.write(`shoal: ${line}\n`);
  process.exit(status);
}

const command = readCommand(process.argv.slice(2), process.env);
if (command.kind === 'help') say(command.text);
else if (command.kind === 'usage') fail(command.message, 2);
else await serve(command.config);

async function serve(config: Config): Promise<void> {
  // This file runs as dist/node/signaling/main.js.
  const dist = new URL('../../', import.meta.url);
  const page = fileURLToPath(new URL('page/', dist));
  const { version } = JSON.parse(readFileSync(new URL('../package.json', dist), 'utf8')) as { version: string };
  const built = existsSync(`${page}index.html`);
  const server = await start(config, { version, ...(built ? { page } : {}) });
  if (!built) say('The page is not built, so only signaling is served: npm run build, then start again.');
  endOnSignals(server);
  say(`Shoal runs at ${server.url}`);
  for (const line of warnings(config)) say(line);
  say('Ctrl-C ends it.');
}

async function start(config: Config, parts: { version: string; page?: string }): Promise<Server> {
  try {
    const server = await createServer(config, parts);
    await server.listen();
    return server;
  } catch (error) {
    return fail(whyNot(error, config), 1);
  }
}

/** What the system says, in words that tell what to do. */
function whyNot(error: unknown, { host, port, tlsCert, tlsKey }: Config): string {
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
function warnings({ host, tlsCert }: Config): string[] {
  if (tlsCert !== undefined || host === 'localhost' || host === '::1' || host.startsWith('127.')) return [];
  return [
    'Warning: without TLS, browsers on other machines give this page no secure context, and Shoal does not run there.',
    'Give --tls-cert and --tls-key, or put a proxy with TLS in front.',
  ];
}

function endOnSignals(server: Server): void {
  let firstMs: number | undefined;
  const end = (signal: 'SIGINT' | 'SIGTERM'): void => {
    const nowMs = performance.now();
    if (firstMs === undefined) {
      firstMs = nowMs;
      say('Ending.');
      void server.close().then(() => process.exit(0));
    } else if (nowMs - firstMs > sameSignalMs) {
      process.exit(signal === 'SIGINT' ? 130 : 143);
    }
  };
  process.on('SIGINT', () => end('SIGINT'));
  process.on('SIGTERM', () => end('SIGTERM'));
}
