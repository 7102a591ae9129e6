import { Worker } from 'node:worker_threads';
import type * as Comlink from 'comlink';
import { ShoalError } from '../../core/errors.ts';
import type { Codec } from '../../peer/ports.ts';
import { codecPool, type CodecThread } from '../codec-pool.ts';
import { portEndpoint } from './port-endpoint.ts';

export interface NodeCodecOptions {
  /** Threads at most. */
  readonly threads: number;
  /** The built `codec-worker.js`; by default the one beside this file, which is there once the program was built. */
  readonly worker?: URL;
}

/** A codec with threads to end. */
export interface NodeCodec extends Codec {
  /** Ends the threads at once; what they still owe throws `cancelled`, as does every later job. */
  close(): Promise<void>;
}

/**
 * The Codec of a Node process: a pool of worker threads, for files on disk (`nodeFile`). A thread keeps the process alive only while it
 * owes an answer or a job on it is open.
 */
export function nodeCodec({ threads, worker = new URL('./codec-worker.js', import.meta.url) }: NodeCodecOptions): NodeCodec {
  const running = new Map<Worker, (reason?: ShoalError) => void>();
  let closed: ShoalError | undefined;

  const spawn = (): CodecThread => {
    if (closed !== undefined) throw closed;
    const thread = new Worker(worker);
    thread.unref();
    running.set(thread, () => {});
    return {
      endpoint: answering(thread),
      onFailure(told) {
        running.set(thread, told);
        thread.once('error', () => told());
        thread.once('exit', () => {
          running.delete(thread);
          told(closed);
        });
      },
      terminate: () => void thread.terminate(),
    };
  };

  // A peer that only holds needs none, and a thread is some 10 MB.
  const pool = codecPool(spawn, threads, false);
  return {
    ...pool,
    async close() {
      closed = new ShoalError('cancelled', 'Sealing and opening have ended here.');
      const ended = [...running].map(([thread, told]) => {
        told(closed);
        return thread.terminate();
      });
      await Promise.all(ended);
    },
  };
}

/** Holds the process while the thread owes an answer: comlink asks with an id, and each message back is one answer. */
function answering(thread: Worker): Comlink.Endpoint {
  let owed = 0;
  const endpoint = portEndpoint(thread);
  thread.on('message', () => {
    owed -= 1;
    if (owed === 0) thread.unref();
  });
  return {
    ...endpoint,
    postMessage(message: unknown, transfer) {
      owed += 1;
      thread.ref();
      endpoint.postMessage(message, transfer);
    },
  };
}
