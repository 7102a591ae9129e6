/** A file to send, under the name it is kept by: its own, or its path when it came in a folder ("folder/sub/name"). */
export interface DroppedFile {
  readonly file: File;
  readonly name: string;
  /** Id of the own stored file of which it becomes the next version, under the same link. */
  readonly replaces?: string;
}

/** What the page can ask of its peer. Results come back through the snapshot in `state.ts`, never as return values but for ids. */
export interface Commands {
  /** Starts the peer of this profile. Never rejects: trouble ends in phase `failed`, `elsewhere` or `insecure`. */
  start(): Promise<void>;
  /** Ends the peer in the other tab of this profile and runs it here. */
  takeOver(): Promise<void>;
  /**
   * Ends this profile's peer, erases everything this browser keeps of it, and loads the page afresh. Never rejects: when its data is in
   * use elsewhere that ends in phase `failed`.
   */
  erase(): Promise<void>;
  /** One upload per file. */
  drop(files: readonly DroppedFile[]): void;
  /** Stores a file as the next version of an own one. Resolves when that has begun; rejects with a ShoalError: `busy`, `not-found`. */
  replace(fileId: string, file: File): Promise<void>;
  /** Cancels an upload, or that of a next version; one that has ended without success is taken off the list. */
  cancel(fileId: string): void;
  /** Whether this page still has the file behind an upload: after a reload it has not. */
  canRetry(fileId: string): boolean;
  /** Starts a failed or cancelled upload anew, in its place. Rejects where `replace` does. */
  retry(fileId: string): Promise<void>;
  /** Deletes a stored file for everyone. Resolves when every holder that is online freed it. Rejects with a ShoalError. */
  remove(fileId: string): Promise<void>;
  /** Lends `capacityBytes`, or stops lending. Rejects with a ShoalError. */
  contribute(on: boolean, capacityBytes: number): Promise<void>;
  /** Gives up all shards held for others, and tells how much that was. Rejects with a ShoalError. */
  letGo(): Promise<{ readonly shards: number; readonly bytes: number }>;
  /** Opens an R capability and gives the id of its `ReceiveView`; the same capability gives the same id. Throws `bad-input`, `too-new`. */
  openLink(capability: string): string;
  /** Saves the whole file. Call it in the click itself: the browser may ask where to. */
  download(receiveId: string): void;
  /** Saves `length` bytes of the file from byte `offset` on, fetching no more than they need. Throws `bad-input` for bytes that it has not. */
  downloadPart(receiveId: string, offset: number, length: number): void;
  cancelReceive(receiveId: string): void;
}
