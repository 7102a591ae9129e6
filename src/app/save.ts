import * as Comlink from 'comlink';
import { type FilePart, requirePart } from '../core/object/excerpt.ts';
import { ShoalError } from '../core/errors.ts';
import { registerServiceWorker, saveBlob, saveStream } from '../platform/browser/download.ts';
import { partName, saveName } from '../platform/save-name.ts';
import type { PeerApi } from '../platform/browser/peer-api.ts';
import { pickSaveFile } from '../platform/browser/save-picker.ts';
import type { ReceiveView } from './state.ts';

/** What to save, and from where. */
export interface Saving {
  readonly peer: Comlink.Remote<PeerApi>;
  readonly receive: ReceiveView | undefined;
  /** Of the whole file when absent. */
  readonly part: FilePart | undefined;
  /** Failures that end nothing. */
  readonly report: (error: unknown) => void;
}

/** What the browser's list of downloads shows, and what the peer is asked for. */
interface Wanted extends Saving {
  readonly id: string;
  readonly name: string;
  readonly media: string;
  readonly size: number;
}

/**
 * Saves a verified file, or a part of it (SPEC SINK-16): to the place that the person picks, where the browser can ask; else as a stream
 * through the service worker; else as a Blob, up to its bound. Resolves when it was saved, or when the person dismissed the dialog.
 *
 * Call it in the click, before anything is awaited. Throws `bad-input` at once for a part that the file does not have.
 */
export function save(saving: Saving): Promise<void> {
  const { receive, part } = saving;
  if (receive?.name === undefined || receive.size === undefined) throw new ShoalError('not-found', 'The file is not known yet.');
  const { id, name, size, media = '' } = receive;
  if (part === undefined) return saveAs({ ...saving, id, name: saveName(name), media, size });
  requirePart(part, size);
  // A piece of a picture is no picture.
  return saveAs({ ...saving, id, name: saveName(partName(name, part)), media: '', size: part.length });
}

async function saveAs(wanted: Wanted): Promise<void> {
  const { peer, id, name, media, part } = wanted;
  const picked = await pickSaveFile(name);
  if (picked === 'dismissed') return;
  if (picked !== undefined) return peer.downloadFile(id, picked, part);
  const stream = await registerServiceWorker('/service-worker.js')
    .then((registration) => saveStream(registration, wanted))
    .catch(() => undefined);
  if (stream === undefined) return saveBlob(await peer.downloadBlob(id, media, part), name);
  let sending = true;
  const sent = peer.downloadStream(id, Comlink.transfer(stream.port, [stream.port]), part).finally(() => (sending = false));
  // A download that the browser gave up, or lost with its service worker, would wait for ever. (One after it is not meant.)
  void stream.over.then(() => (sending ? peer.cancelReceive(id) : undefined)).catch(wanted.report);
  stream.start();
  await sent;
}
