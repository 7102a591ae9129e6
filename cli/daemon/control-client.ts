import { request, type ClientRequest, type IncomingMessage } from 'node:http';
import { ShoalError } from '../../src/core/errors.ts';
import type { FilePart } from '../../src/core/object/excerpt.ts';
import type { ObjectView } from '../../src/peer/examine.ts';
import type { Place, Sink } from '../../src/peer/ports.ts';
import type { FileView, ReceiveView, Snapshot } from '../../src/peer/snapshot.ts';
import type { PeerAccess } from '../access/access.ts';
import { type About, apiVersion, decodeError, errorTrailer, lengthHeader, type VerifyLine } from './messages.ts';

/** How long a socket may take to say that it is there: a stale one refuses at once, a stopped process never answers. */
const answerMs = 3_000;

interface Ask {
  readonly method?: 'GET' | 'POST' | 'DELETE';
  readonly body?: unknown;
  readonly signal?: AbortSignal;
}

/** The running peer of a home. */
export interface RunningPeer extends About {
  readonly access: PeerAccess;
}

/** The running peer of a home through its socket; undefined when none runs there. Throws `busy` when it does not answer. */
export async function controlClient(socketPath: string): Promise<RunningPeer | undefined> {
  const ask = asker(socketPath);
  try {
    const about = await jsonOf<About>(await ask('/about', { signal: AbortSignal.timeout(answerMs) }));
    return { ...about, access: accessThrough(orGone(ask), about) };
  } catch (error) {
    if (isNobody(error)) return undefined;
    if (error instanceof ShoalError) throw error;
    throw new ShoalError('busy', 'The peer that runs in this home does not answer. End it, then try again.');
  }
}

const isNobody = (error: unknown): boolean =>
  ['ENOENT', 'ENOTDIR', 'ECONNREFUSED', 'ENOTSOCK'].includes((error as NodeJS.ErrnoException).code ?? '');

type Asker = (path: string, ask?: Ask) => Promise<IncomingMessage>;

/** Once it has answered, a peer that does not is one that has ended, or one whom `signal` no longer asks. */
const orGone =
  (ask: Asker): Asker =>
  async (path, options) => {
    try {
      return await ask(path, options);
    } catch (error) {
      if (error instanceof ShoalError) throw error;
      throw options?.signal?.aborted ? new ShoalError('cancelled', 'Interrupted.') : peerGone();
    }
  };

function accessThrough(ask: Asker, { swarm, signalingUrl }: About): PeerAccess {
  const post = async <T>(path: string, body: unknown, signal?: AbortSignal): Promise<T> =>
    jsonOf<T>(await ask(path, { method: 'POST', body, ...(signal === undefined ? {} : { signal }) }));
  return {
    running: true,
    swarm,
    signalingUrl,
    snapshot: async () => jsonOf<Snapshot>(await ask('/snapshot')),
    shards: async () => jsonOf<readonly Place[]>(await ask('/shards')),
    drop: async (file) => (await post<{ id: string }>('/files', file)).id,
    watchFile: (id, signal) => lines<FileView>(() => ask(`/files/${id}/views`, { signal }), signal),
    async cancel(id) {
      (await ask(`/files/${id}`, { method: 'DELETE' })).resume();
    },
    remove: (id) => post(`/files/${id}/delete`, {}),
    renew: (id) => post('/renew', { ...(id === undefined ? {} : { id }) }),
    letGo: (record) => post('/let-go', { record }),
    open: async (capability) => (await post<{ id: string }>('/receives', { capability })).id,
    watchReceive: (id, signal) => lines<ReceiveView>(() => ask(`/receives/${id}/views`, { signal }), signal),
    download: async (id, sink, part, signal) => copy(await ask(`/receives/${id}/bytes${queryOf(part)}`, { signal }), sink),
    look: async (capability, signal) => (await post<{ object?: ObjectView }>('/look', { capability }, signal)).object,
    async verify(capability, told, signal) {
      for await (const line of lines<VerifyLine>(() => ask('/verify', { method: 'POST', body: { capability }, signal }), signal)) {
        if ('results' in line) return line.results;
        told(line.progress);
      }
      throw signal.aborted ? new ShoalError('cancelled', 'Interrupted.') : peerGone();
    },
    async close() {},
  };
}

const queryOf = (part: FilePart | undefined): string => (part === undefined ? '' : `?offset=${part.offset}&length=${part.length}`);

/** Sends one request and gives the answer, its body unread. Throws the error that it tells. */
function asker(socketPath: string): Asker {
  return async (path, { method = 'GET', body, signal } = {}) => {
    const text = body === undefined ? undefined : JSON.stringify(body);
    const headers = text === undefined ? {} : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) };
    const sent = request({ socketPath, path: `/${apiVersion}${path}`, method, headers, ...(signal === undefined ? {} : { signal }) });
    sent.end(text);
    const response = await responseTo(sent);
    if (response.statusCode === 200) return response;
    throw decodeError(await textOf(response));
  };
}

function responseTo(sent: ClientRequest): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    sent.once('response', resolve);
    sent.once('error', reject);
  });
}

async function textOf(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

const jsonOf = async <T>(response: IncomingMessage): Promise<T> => JSON.parse(await textOf(response)) as T;

/** What became of the peer that was asked. */
const peerGone = (): ShoalError =>
  new ShoalError('internal', 'The running peer of this home ended in the middle of this. Start it again, or try once more without it.');

/** The values of an answer of lines. Ends quietly once `signal` has aborted. */
async function* lines<T>(start: () => Promise<IncomingMessage>, signal: AbortSignal): AsyncIterable<T> {
  try {
    let rest = '';
    for await (const chunk of (await start()).setEncoding('utf8')) {
      const [...whole] = (rest + String(chunk)).split('\n');
      rest = whole.pop() ?? '';
      for (const line of whole) yield valueOf<T>(line);
    }
  } catch (error) {
    if (!signal.aborted) throw error instanceof ShoalError ? error : peerGone();
  }
}

function valueOf<T>(line: string): T {
  const read = JSON.parse(line) as { value: T } | { error: unknown };
  if ('error' in read) throw decodeError(JSON.stringify(read.error));
  return read.value;
}

/** Hands a body to the sink. What it lacks at its end is in the trailer, or the running peer is gone. */
async function copy(response: IncomingMessage, sink: Sink): Promise<void> {
  try {
    await sink.begin(Number(response.headers[lengthHeader]));
    for await (const chunk of response) await sink.write(chunk as Buffer);
    const failure = response.trailers[errorTrailer];
    if (typeof failure === 'string') throw decodeError(decodeURIComponent(failure));
    await sink.close();
  } catch (error) {
    const reason = error instanceof ShoalError ? error : peerGone();
    await sink.abort(reason.message);
    throw reason;
  }
}
