/** A file being sealed, read piece by piece. */
export interface FileReader {
  /** Bytes `start` to `end`, into the memory of `spare`, an answer that is done with, where they fit. Throws `integrity` for a changed file. */
  read(start: number, end: number, spare?: Uint8Array): Promise<Uint8Array>;
  /** Nothing is read any more. */
  close(): void;
}
