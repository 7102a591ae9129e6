import { declarationFile, homes, layers, outside, testFile, type Layer } from './edges.ts';
import type { Import } from './imports.ts';
import { type Source, targetOf } from './sources.ts';

/** What is wrong with one import, in a sentence that begins with where it stands; undefined when it is allowed. */
export function complaint(source: Source, found: Import): string | undefined {
  const target = targetOf(source.path, found.specifier);
  const reason = target === undefined ? libraryComplaint(source.path, found.specifier) : edgeComplaint(source.path, target, found.kind);
  return reason === undefined ? undefined : `${source.path}:${found.line} ${reason}`;
}

/** Tests, benches and tools: they see everything, and shipped code sees none of them. */
export function isOutside(path: string): boolean {
  return testFile.test(path) || outside.some((prefix) => path.startsWith(prefix));
}

/** The layer a shipped file belongs to: the one with the longest path that begins the file's. */
export function layerOf(path: string): Layer | undefined {
  return layers.filter((layer) => path.startsWith(layer.path)).sort((a, b) => b.path.length - a.path.length)[0];
}

function edgeComplaint(path: string, target: string, kind: Import['kind']): string | undefined {
  if (isOutside(path)) return undefined;
  if (isOutside(target)) return `imports ${target}, which is no part of what is shipped`;
  const from = layerOf(path);
  const to = layerOf(target);
  if (from === undefined) return declarationFile.test(path) ? undefined : 'belongs to no layer';
  if (to === undefined) return `imports ${target}, which belongs to no layer`;
  if (kind === 'url') return from.starts?.includes(to.path) ? undefined : `starts ${target}: ${from.path} may not start ${to.path}`;
  if (from === to || from.sees.includes(to.path)) return undefined;
  if (kind === 'type' && from.seesTypes?.includes(to.path)) return undefined;
  const only = from.seesTypes?.includes(to.path) ? ' but for its types' : '';
  return `imports ${target}: ${from.path} may not see ${to.path}${only}`;
}

function libraryComplaint(path: string, specifier: string): string | undefined {
  if (isOutside(path)) return undefined;
  const places = homesOf(specifier);
  if (places === undefined) return `imports ${specifier}, a library without a home in tools/tidy/edges.ts`;
  return places.some((place) => path.startsWith(place)) ? undefined : `imports ${specifier}, whose home is ${places.join(', ')}`;
}

/** Where the library of this specifier may be imported; undefined for one that is not listed. */
export function homesOf(specifier: string): readonly string[] | undefined {
  const entry = Object.entries(homes).find(([name]) =>
    name.endsWith('*') ? specifier.startsWith(name.slice(0, -1)) : specifier === name || specifier.startsWith(`${name}/`),
  );
  return entry?.[1];
}
