import type { FilePart } from '../core/object/excerpt.ts';

/** Path separators, and characters that are invisible or turn the direction of text around ("exe.txt" for "txt.exe"). */
const misleading = /[/\\\p{Cc}\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/gu;

/** The name a download is saved under: the sender's, without what could mislead. Never empty, and never a folder's. */
export function saveName(name: string): string {
  // Through UTF-8, since text may hold half a surrogate pair, which has no bytes.
  const wellFormed = new TextDecoder().decode(new TextEncoder().encode(name));
  const safe = wellFormed.replace(misleading, '_');
  return /^\.{0,2}$/.test(safe) ? 'download' : safe;
}

/** The same in a folder that nobody has looked at: none that programs read unasked, such as `.npmrc`. */
export const visibleName = (name: string): string => saveName(name).replace(/^\./, '_');

/** The name a part of a file is saved under: "film (bytes 100-199).mp4" for the hundred bytes from byte 100 on. */
export function partName(name: string, { offset, length }: FilePart): string {
  const dot = name.lastIndexOf('.');
  const at = dot > 0 ? dot : name.length;
  return `${name.slice(0, at)} (bytes ${offset}-${offset + length - 1})${name.slice(at)}`;
}
