import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { exitCodes } from '../exit-codes.ts';

/** Time that peers get to leave in order when the server ends, ms. */
export const leaveWithinMs = 10_000;
/** Before a peer that ended by itself is started again, ms: doubled each time, up to the most. */
export const restartAfterMs = { first: 1_000, most: 60_000 } as const;
/** A peer that ran as long as this has recovered: the next wait is the first one again, ms. */
export const steadyAfterMs = 60_000;

export interface PeersOptions {
  readonly count: number;
  /** Starts the process of peer `index`, from 1, with an IPC channel; it ends by itself when that closes. */
  readonly start: (index: number) => ChildProcess;
  readonly say: (line: string) => void;
}

export interface Peers {
  /** Resolves once all of them have joined. */
  readonly ready: Promise<void>;
  /** Has all peers leave and resolves once they are gone; those that take longer than `leaveWithinMs` are killed. */
  stop(): Promise<void>;
}

/** What a peer tells the process that started it. */
export interface PeerReady {
  readonly ready: true;
  /** NodeId, hex. */
  readonly node: string;
}

/** Keeps `count` peers running as processes of this machine (SPEC CLI-11). */
export function startPeers(options: PeersOptions): Peers {
  const { count, say } = options;
  const begun = new Set<number>();
  let tell = (): void => undefined;
  const ready = new Promise<void>((resolve) => (tell = resolve));
  if (count === 0) tell();
  let counted = false;
  const onReady = (index: number): void => {
    begun.add(index);
    if (counted || begun.size < count) return;
    counted = true;
    tell();
    say(`${count} ${count === 1 ? 'peer' : 'peers'} on this machine ${count === 1 ? 'keeps' : 'keep'} what you drop.`);
  };
  const peers = Array.from({ length: count }, (_, i) => keepPeer(i + 1, options, () => onReady(i + 1)));
  return {
    ready,
    async stop() {
      await Promise.all(peers.map((peer) => peer.stop()));
    },
  };
}

/** How long to wait before a peer is started again that ended by itself `failures` times in a row, ms. */
export function restartDelayMs(failures: number): number {
  return Math.min(restartAfterMs.most, restartAfterMs.first * 2 ** (failures - 1));
}

function keepPeer(index: number, { start, say }: PeersOptions, onReady: () => void): Pick<Peers, 'stop'> {
  let child: ChildProcess | undefined;
  let timer: NodeJS.Timeout | undefined;
  let stopping = false;
  let failures = 0;

  const ended = (startedMs: number, how: string, status: number | null): void => {
    child = undefined;
    if (stopping) return;
    // A wrong call does not become right by repetition.
    if (status === exitCodes.usage) return say(`peer-${index} ended (${how}) and is not started again.`);
    failures = performance.now() - startedMs >= steadyAfterMs ? 1 : failures + 1;
    const delayMs = restartDelayMs(failures);
    say(`peer-${index} ended (${how}); it is started again in ${delayMs / 1_000} s.`);
    timer = setTimeout(begin, delayMs);
  };

  function begin(): void {
    const startedMs = performance.now();
    const started = start(index);
    child = started;
    if (started.stderr) createInterface(started.stderr).on('line', (line) => say(ofPeer(index, line)));
    started.on('message', (message) => isReady(message) && onReady());
    // Without a process there is an error alone.
    started.on('error', (error) => child === started && started.pid === undefined && ended(startedMs, error.message, null));
    started.on('exit', (status, signal) => ended(startedMs, signal ?? `status ${status}`, status));
  }

  begin();
  return {
    async stop() {
      stopping = true;
      clearTimeout(timer);
      if (child?.pid === undefined) return;
      const leaving = child;
      // Not `close`: after a disconnect from this side Node does not always emit it.
      const gone = once(leaving, 'exit');
      // Not a signal: Ctrl-C has reached it already, and a second one would end it at once.
      if (leaving.connected) leaving.disconnect();
      const limit = setTimeout(() => {
        say(`peer-${index} did not leave within ${leaveWithinMs / 1_000} s and is stopped.`);
        leaving.kill('SIGKILL');
      }, leaveWithinMs);
      await gone;
      clearTimeout(limit);
    },
  };
}

/** Words get a name in front, a line of the log a field, so that it is still JSON. */
function ofPeer(index: number, line: string): string {
  return line.startsWith('{"') ? `{"peer":"peer-${index}",${line.slice(1)}` : `peer-${index}: ${line}`;
}

function isReady(message: unknown): message is PeerReady {
  return typeof message === 'object' && message !== null && (message as { ready?: unknown }).ready === true;
}
