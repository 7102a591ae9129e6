import type { Capability } from '../core/crypto/capability.ts';
import { errorCode, ShoalError } from '../core/errors.ts';
import type { FilePart } from '../core/object/excerpt.ts';
import { type Receive, type ReceiveOptions, receiveIdOf, startReceive } from './download.ts';
import type { Sink } from './ports.ts';
import type { EventDetail, ReceiveView } from './snapshot.ts';

/** Links opened here that are remembered. */
const receivesMax = 50;

/** The links opened here. */
export interface Receives {
  /** Begins to look for the file of an R capability, unless that is under way; gives the receive's id. */
  open(capability: Extract<Capability, { right: 'read' }>): string;
  /** Writes the file, or a part of it, to the sink; resolves when all of it was verified and handed over. */
  download(id: string, sink: Sink, part?: FilePart): Promise<void>;
  cancel(id: string): void;
  /** Newest first. */
  views(): readonly ReceiveView[];
  stop(): void;
}

export function createReceives(options: Omit<ReceiveOptions, 'capability'> & { readonly event: (event: EventDetail) => void }): Receives {
  const { changed, event } = options;
  const receives = new Map<string, Receive>();

  const receive = (id: string): Receive => {
    const found = receives.get(id);
    if (found === undefined) throw new ShoalError('not-found', 'this link is not open here');
    return found;
  };

  const named = (id: string): { readonly file?: string } => {
    const name = receives.get(id)?.view().name;
    return name === undefined ? {} : { file: name };
  };

  const forget = (id: string): void => {
    receives.get(id)?.close();
    receives.delete(id);
  };

  return {
    open(capability) {
      const id = receiveIdOf(capability);
      const before = receives.get(id);
      if (before !== undefined && before.view().state !== 'failed') return id;
      forget(id);
      receives.set(id, startReceive({ ...options, capability }));
      const [oldest] = receives.keys();
      if (receives.size > receivesMax && oldest !== undefined) forget(oldest);
      changed();
      return id;
    },
    async download(id, sink, part) {
      try {
        await receive(id).download(sink, part);
        event({ kind: 'download', what: 'done', ...named(id) });
      } catch (error) {
        event({ kind: 'download', what: 'failed', code: errorCode(error), ...named(id) });
        throw error;
      } finally {
        changed();
      }
    },
    cancel: (id) => receives.get(id)?.cancel(),
    views: () => [...receives.values()].reverse().map((each) => each.view()),
    stop() {
      for (const each of receives.values()) each.close();
    },
  };
}
