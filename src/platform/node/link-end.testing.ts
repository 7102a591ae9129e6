// One end of bare links, as a process of its own: tests of transport start it with `fork` and carry the signals between two of them.
import type { Dialing, Link, SignalData } from '../../peer/ports.ts';
import { nodeDialer } from './dialer.ts';

/** What the starter says. */
export type ToEnd =
  | { readonly t: 'dial'; readonly initiator: boolean }
  | { readonly t: 'signal'; readonly data: SignalData }
  /** Leave in order, then exit. */
  | { readonly t: 'leave' };

/** What an end says. */
export type FromEnd =
  | { readonly t: 'signal'; readonly data: SignalData }
  | { readonly t: 'link'; readonly ms: number }
  | { readonly t: 'failed'; readonly reason: string }
  | { readonly t: 'frame'; readonly bytes: number }
  | { readonly t: 'closed'; readonly bye: boolean };

const dialer = nodeDialer(() => []);
const say = (message: FromEnd): void => void process.send?.(message);
let dialing: Dialing | undefined;
let link: Link | undefined;

function dial(initiator: boolean): void {
  const begunMs = performance.now();
  dialing = dialer.dial('', initiator, {
    signal: (data) => say({ t: 'signal', data }),
    failed: (reason) => say({ t: 'failed', reason }),
    link(opened) {
      link = opened;
      opened.listen({
        frame: ({ length }) => say({ t: 'frame', bytes: length }),
        drained() {},
        closed: (bye) => say({ t: 'closed', bye }),
      });
      say({ t: 'link', ms: performance.now() - begunMs });
    },
  });
}

process.on('message', (message: ToEnd) => {
  if (message.t === 'dial') dial(message.initiator);
  else if (message.t === 'signal') dialing?.signal(message.data);
  else {
    // The last frame has to arrive although the process ends at once.
    link?.send(new Uint8Array(1_000));
    void dialer.leave().then(() => process.exit(0));
  }
});
// Its starter is gone.
process.on('disconnect', () => process.exit(1));
