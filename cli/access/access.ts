import { linkText } from '../../src/core/crypto/link.ts';
import { errorCodes, ShoalError } from '../../src/core/errors.ts';
import type { FilePart } from '../../src/core/object/excerpt.ts';
import type { Place, Sink } from '../../src/peer/ports.ts';
import type { FileState, FileView, ReceiveView, Snapshot } from '../../src/peer/snapshot.ts';
import type { ObjectView } from '../../src/peer/examine.ts';
import type { ShardResult, VerifyProgress } from '../../src/peer/verify-object.ts';

/** A file of this machine to be stored. */
export interface LocalFile {
  /** Absolute. */
  readonly path: string;
  readonly name: string;
  readonly media: string;
  /** (k, m) instead of the choice by the number of lenders. */
  readonly profile?: { readonly k: number; readonly m: number };
  /** Id of the own stored file of which it becomes the next version, under the same link. */
  readonly replaces?: string | undefined;
}

/** What a holder no longer keeps. */
export interface LetGo {
  readonly shards: number;
  readonly bytes: number;
}

/**
 * A peer as the commands use it: the one that runs in this home, through its socket, or one that joins for the time of a command.
 * Every call throws ShoalErrors.
 */
export interface PeerAccess {
  /** Whether it is the running peer of this home: what it was asked goes on when the command ends. */
  readonly running: boolean;
  readonly swarm: string;
  /** `ws://` or `wss://`; the page is on the same origin. */
  readonly signalingUrl: string;
  snapshot(): Promise<Snapshot>;
  /** Begins an upload; gives the file's id. Throws `not-found` and `busy` where what it replaces is not stored, or is being replaced. */
  drop(file: LocalFile): Promise<string>;
  /** Views of one file, the newest each time, until it, or its next version, is stored, failed or cancelled, or `signal` aborts. */
  watchFile(id: string, signal: AbortSignal): AsyncIterable<FileView>;
  cancel(id: string): Promise<void>;
  /** Deletes an own file; resolves when every live holder and a keeper confirmed it. What was begun goes on when nobody waits for it. */
  remove(id: string): Promise<void>;
  /** Renews the lease of one own file, or of all; tells of how many somebody who keeps them confirmed it. */
  renew(id?: string): Promise<{ readonly renewed: number }>;
  /** Removes the shards held here of one object, by its record key, or of all. */
  letGo(recordKey: string): Promise<LetGo>;
  /** Begins to look for the file of an R capability; gives the receive's id. */
  open(capability: string): Promise<string>;
  /** Views of one receive, until it is done or failed, or `signal` aborts. */
  watchReceive(id: string, signal: AbortSignal): AsyncIterable<ReceiveView>;
  /** Hands the verified file, or a part of it, to the sink. */
  download(id: string, sink: Sink, part: FilePart | undefined, signal: AbortSignal): Promise<void>;
  /** What the swarm says of an object; undefined when nobody online knows it. Takes any capability. */
  look(capability: string, signal: AbortSignal): Promise<ObjectView | undefined>;
  /** Reads every claimed shard from every live holder and checks it. Takes any capability. */
  verify(capability: string, told: (progress: VerifyProgress) => void, signal: AbortSignal): Promise<readonly ShardResult[]>;
  /** Places of the shards held here. */
  shards(): Promise<readonly Place[]>;
  close(): Promise<void>;
}

/** Why a file or a receive failed, as its view tells it. */
export function failureOf({ error, sentence }: { readonly error?: string; readonly sentence: string }): ShoalError {
  return new ShoalError(errorCodes.find((code) => code === error) ?? 'internal', sentence);
}

/** The sentence of a view, without the advice that is for a tab. */
export const sentenceOf = ({ sentence }: { readonly sentence: string }): string => sentence.replace('. Keep this tab open', '');

/** Where signaling is not joined; `waited` says how long that was waited for. */
export const unreachable = ({ signalingUrl }: Pick<PeerAccess, 'signalingUrl'>, waited = ''): ShoalError =>
  new ShoalError(
    'not-enough-peers',
    `The signaling server could not be reached at ${signalingUrl}${waited}: check --signaling, and whether it runs.`,
  );

const ends: readonly FileState[] = ['stored', 'failed', 'cancelled'];
export const fileEnded = (file: FileView): boolean => ends.includes((file.replacing ?? file).state);
export const receiveEnded = ({ state }: ReceiveView): boolean => state === 'done' || state === 'failed';

/** The link that opens a file of this peer's swarm: the page is served where signaling is. */
export function linkOf({ swarm, signalingUrl }: Pick<PeerAccess, 'swarm' | 'signalingUrl'>, capability: string): string {
  const { protocol, host } = new URL(signalingUrl);
  return linkText(`${protocol === 'wss:' ? 'https' : 'http'}://${host}`, swarm, capability);
}
