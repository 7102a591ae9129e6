import { saveBlob } from '../platform/browser/download.ts';

/** Saves a short text as a file of the person's. */
export function saveText(name: string, media: string, text: string): void {
  saveBlob(new Blob([text], { type: media }), name);
}
