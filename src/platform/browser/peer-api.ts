import type { FilePart } from '../../core/object/excerpt.ts';
import type { DroppedFile } from '../../peer/files.ts';
import type { RemoteConnections } from './dialer.ts';
import type { SnapshotChange } from './snapshot-changes.ts';

/** What the page tells its peer worker at the start. */
export interface PeerSettings {
  /** '' for the unnamed profile. */
  readonly profile: string;
  readonly swarm: string;
  /** ws: or wss: address of the signaling server. */
  readonly signalingUrl: string;
  /** How far its clock goes ahead of the machine's, ms: 0 but for tests. */
  readonly clockOffsetMs: number;
}

/** The peer worker as the page calls it through comlink. Errors carry their code in `name` (core/errors). */
export interface PeerApi {
  /**
   * Starts the peer of the profile, or says that another tab runs it. `steal` ends that one and takes its place.
   * `show` gets what is new in every snapshot, the first one whole; `lost` is told why the peer had to end by itself.
   */
  start(
    settings: PeerSettings,
    connections: RemoteConnections,
    show: (change: SnapshotChange) => void,
    lost: (reason: string) => void,
    steal: boolean,
  ): Promise<'running' | 'elsewhere'>;
  /** Says `bye` and closes every link. Nothing else may be asked afterwards. */
  stop(): Promise<void>;
  /** Answers at once: the page watches over its worker by it. */
  ping(): void;
  /** The `File` inside is handed on unread. */
  drop(file: DroppedFile): string;
  cancel(fileId: string): void;
  remove(fileId: string): Promise<void>;
  contribute(capacity: number): Promise<void>;
  /** Gives up all shards held for others. */
  letGo(): Promise<{ readonly shards: number; readonly bytes: number }>;
  open(capability: string): string;
  /** Writes the verified file, or a part of it, to the file that the person chose. */
  downloadFile(receiveId: string, handle: FileSystemFileHandle, part?: FilePart): Promise<void>;
  /** Writes it to the service worker at the other end of `port`. */
  downloadStream(receiveId: string, port: MessagePort, part?: FilePart): Promise<void>;
  /** Gathers it as a Blob, of which the page gets only the handle. Throws `too-large` past the bound. */
  downloadBlob(receiveId: string, media: string, part?: FilePart): Promise<Blob>;
  cancelReceive(receiveId: string): void;
}
