import { readFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { performance } from 'node:perf_hooks';
import fastify, { LogController, type FastifyBaseLogger, type FastifyInstance } from 'fastify';
import type { DestinationStream } from 'pino';
import { memoryBus, type Bus } from './bus.ts';
import { configSchema, type Config, type ConfigInput } from './config.ts';
import type { Now } from '../src/core/wire/token-level.ts';
import { createLogger } from './log.ts';
import { securityHeaders, servePage } from './page.ts';
import { serveSignaling } from './sockets.ts';

/** What a server is made of beside its configuration. */
export interface Parts {
  /** Folder of the built page; without one only signaling and health are served. */
  readonly page?: string;
  /** The version that /healthz tells. */
  readonly version?: string;
  /** Shared by servers that introduce each other's peers; one of its own when absent. */
  readonly bus?: Bus;
  /** Where log lines go; standard error when absent. */
  readonly logs?: DestinationStream;
  /** Steady milliseconds, for rates. */
  readonly now?: Now;
}

export interface Server {
  /** Starts to listen. Throws what the system says (EADDRINUSE, EACCES, ENOTFOUND). */
  listen(): Promise<void>;
  /** Tells every socket that the server goes away, and frees the port. */
  close(): Promise<void>;
  /** Where the page is, with a trailing slash; known once it listens. */
  readonly url: string;
}

/** The server of page, signaling and health, on one port. Throws what reading the TLS files throws. */
export async function createServer(input: ConfigInput = {}, parts: Parts = {}): Promise<Server> {
  const config = configSchema.parse(input);
  const now = parts.now ?? (() => performance.now());
  const app = await createApp(config, parts);
  const sockets = await serveSignaling(app, config, parts.bus ?? memoryBus(), now);
  const startedMs = now();
  app.get('/healthz', (_request, reply) => {
    const uptimeS = Math.floor((now() - startedMs) / 1_000);
    return reply.header('cache-control', 'no-store').send({ ok: true, version: parts.version ?? 'unknown', uptimeS, peers: sockets.peers });
  });
  if (parts.page !== undefined) await servePage(app, parts.page);

  return {
    async listen() {
      await app.listen({ host: config.host, port: config.port, listenTextResolver: () => 'listening' });
    },
    async close() {
      await sockets.close();
      await app.close();
    },
    get url() {
      const { port } = app.server.address() as AddressInfo;
      return `${config.tlsCert === undefined ? 'http' : 'https'}://${hostInUrl(config.host)}:${port}/`;
    },
  };
}

/** HTTP as every route here shares it: security headers, answers in words, nothing logged per request. */
async function createApp(config: Config, parts: Parts): Promise<FastifyInstance> {
  const loggerInstance: FastifyBaseLogger = createLogger(config.logLevel, parts.logs);
  const options = {
    loggerInstance,
    logController: new LogController({ disableRequestLogging: true }),
    trustProxy: (_address: string, hop: number) => hop < config.proxies,
    bodyLimit: 1_024,
    forceCloseConnections: true,
  };
  const tls = await readTls(config);
  const app: FastifyInstance = tls ? fastify({ ...options, https: tls }) : fastify(options);
  app.addHook('onRequest', async (_request, reply) => {
    void reply.headers(securityHeaders);
  });
  app.setNotFoundHandler((_request, reply) =>
    reply.code(404).type('text/plain').send('There is nothing here. The page of Shoal is at /.\n'),
  );
  app.setErrorHandler((error: { statusCode?: number }, _request, reply) => {
    const status = error.statusCode ?? 500;
    if (status >= 500) app.log.error({ event: 'failed', err: error });
    return reply
      .code(status)
      .type('text/plain')
      .send(status >= 500 ? 'The server failed at this. It is not your fault.\n' : 'The server cannot take this request.\n');
  });
  return app;
}

async function readTls({ tlsCert, tlsKey }: Config): Promise<{ cert: Buffer; key: Buffer } | undefined> {
  return tlsCert === undefined || tlsKey === undefined ? undefined : { cert: await readFile(tlsCert), key: await readFile(tlsKey) };
}

/** A wildcard address is no place to go to; this machine is. */
function hostInUrl(host: string): string {
  if (host === '0.0.0.0' || host === '::') return 'localhost';
  return host.includes(':') ? `[${host}]` : host;
}
