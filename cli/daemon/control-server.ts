import { chmod, rm } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { PassThrough } from 'node:stream';
import fastify, { type FastifyInstance, type FastifyReply } from 'fastify';
import type * as z from 'zod/mini';
import { errorCode, ShoalError } from '../../src/core/errors.ts';
import type { FilePart } from '../../src/core/object/excerpt.ts';
import type { Sink } from '../../src/peer/ports.ts';
import type { VerifyProgress } from '../../src/peer/verify-object.ts';
import type { PeerAccess } from '../access/access.ts';
import { latest } from '../access/latest.ts';
import {
  type About,
  apiVersion,
  capabilityRequest,
  dropRequest,
  encodeError,
  errorTrailer,
  lengthHeader,
  letGoRequest,
  partRequest,
  renewRequest,
  type VerifyLine,
} from './messages.ts';

/** Commands of one home that are answered at once. */
const commandsMax = 64;

/** The running peer's door for commands of its home; see `messages.ts`. */
export interface ControlServer {
  close(): Promise<void>;
}

/** Listens on the Unix socket at `path`, open to this user alone. The caller holds the home, so whatever lies there is stale. */
export async function serveControl(path: string, about: About, access: PeerAccess): Promise<ControlServer> {
  const app = fastify({ logger: false, forceCloseConnections: true, bodyLimit: 65_536 });
  app.server.maxConnections = commandsMax;
  app.setErrorHandler((error, _request, reply) => {
    void reply.code(statusOf(error)).type('application/json').send(encodeError(error));
  });
  app.setNotFoundHandler((_request, reply) => {
    const words = 'The running peer does not know this command: it is another version of Shoal. Start it again.';
    void reply
      .code(404)
      .type('application/json')
      .send(encodeError(new ShoalError('too-new', words)));
  });
  await app.register(
    (routes, _options, done) => {
      routes.get('/about', () => about);
      route(routes, access);
      done();
    },
    { prefix: `/${apiVersion}` },
  );
  await rm(path, { force: true });
  // Nobody else gets in between the two; all that a peer writes is its own user's anyway.
  process.umask(0o077);
  await app.listen({ path });
  await chmod(path, 0o600);
  return {
    async close() {
      await app.close();
      await rm(path, { force: true });
    },
  };
}

function route(app: FastifyInstance, access: PeerAccess): void {
  app.get('/snapshot', () => access.snapshot());
  app.get('/shards', () => access.shards());
  app.post('/files', async ({ body }) => ({ id: await access.drop(read(dropRequest, body)) }));
  app.post('/receives', async ({ body }) => ({ id: await access.open(read(capabilityRequest, body).capability) }));
  app.delete<Named>('/files/:id', async ({ params }) => {
    await access.cancel(params.id);
    return {};
  });
  app.post<Named>('/files/:id/delete', async ({ params }) => {
    await access.remove(params.id);
    return {};
  });
  app.post('/renew', ({ body }) => access.renew(read(renewRequest, body).id));
  app.post('/let-go', ({ body }) => access.letGo(read(letGoRequest, body).record));
  app.get<Named>('/files/:id/views', ({ params }, reply) => stream(reply, (signal) => access.watchFile(params.id, signal)));
  app.get<Named>('/receives/:id/views', ({ params }, reply) => stream(reply, (signal) => access.watchReceive(params.id, signal)));
  app.get<Named>('/receives/:id/bytes', ({ params, query }, reply) =>
    sendBytes(reply, access, params.id, partOf(read(partRequest, query))),
  );
  app.post('/look', async ({ body }, reply) => {
    const { signal } = whileOpen(reply);
    return { object: await access.look(read(capabilityRequest, body).capability, signal) };
  });
  app.post('/verify', ({ body }, reply) => {
    const { capability } = read(capabilityRequest, body);
    return stream(reply, (signal) => verifyLines(access, capability, signal));
  });
}

interface Named {
  Params: { id: string };
}

function read<T extends z.ZodMiniType>(schema: T, body: unknown): z.infer<T> {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  throw new ShoalError('bad-input', 'The running peer does not understand this command: it is another version of Shoal. Start it again.');
}

function partOf({ offset, length }: z.infer<typeof partRequest>): FilePart | undefined {
  return offset === undefined || length === undefined ? undefined : { offset, length };
}

const statusOf = (error: unknown): number => (errorCode(error) === 'internal' ? 500 : 400);

/** Aborts when the command has gone away. */
function whileOpen(reply: FastifyReply): AbortController {
  const gone = new AbortController();
  reply.raw.once('close', () => gone.abort());
  return gone;
}

/** One JSON value a line, and last, where it failed, `{"error":…}`. */
function stream(reply: FastifyReply, values: (signal: AbortSignal) => AsyncIterable<unknown>): FastifyReply {
  const { signal } = whileOpen(reply);
  const body = new PassThrough();
  const fill = async (): Promise<void> => {
    try {
      for await (const value of values(signal)) {
        if (!body.write(`${JSON.stringify({ value })}\n`) && !signal.aborted) await drained(body, signal);
      }
    } catch (error) {
      body.write(`{"error":${encodeError(error)}}\n`);
    }
    body.end();
  };
  void fill();
  return reply.type('application/x-ndjson').send(body);
}

function drained(body: PassThrough, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    body.once('drain', resolve);
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

/** The file's bytes as the body; what went wrong after the first of them is in the trailer. */
function sendBytes(reply: FastifyReply, access: PeerAccess, id: string, part: FilePart | undefined): FastifyReply {
  const { signal } = whileOpen(reply);
  reply.hijack();
  const { raw } = reply;
  const fail = (error: unknown): void => {
    if (raw.headersSent) raw.addTrailers({ [errorTrailer]: encodeURIComponent(encodeError(error)) });
    else raw.writeHead(statusOf(error)).write(encodeError(error));
  };
  void access
    .download(id, bodySink(raw), part, signal)
    .catch(fail)
    .finally(() => raw.end());
  return reply;
}

/** Hands bytes on as fast as the command takes them. Its end is the caller's, who knows whether all went well. */
function bodySink(body: ServerResponse): Sink {
  return {
    async begin(length) {
      body.writeHead(200, { 'content-type': 'application/octet-stream', trailer: errorTrailer, [lengthHeader]: length });
    },
    async write(bytes) {
      if (body.destroyed) throw new ShoalError('cancelled', 'The command has gone away.');
      // Not before it has left: the bytes are the caller's again then.
      await new Promise<void>((resolve) => {
        const go = (): void => {
          body.off('close', go);
          resolve();
        };
        body.once('close', go).write(bytes, go);
      });
    },
    async close() {},
    async abort() {},
  };
}

/** Progress lines, then the results. */
async function* verifyLines(access: PeerAccess, capability: string, signal: AbortSignal): AsyncIterable<VerifyLine> {
  const progress = latest<VerifyProgress>();
  const verifying = access.verify(capability, (made) => progress.set(made), signal).finally(() => progress.end());
  verifying.catch(() => {});
  for await (const made of progress) yield { progress: made };
  yield { results: await verifying };
}
