import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { cyclesOf } from './cycles.ts';
import { declarationFile, floors, homes, linesMax, scanned } from './edges.ts';
import { complaint, isOutside } from './rules.ts';
import { readSources, root, targetOf } from './sources.ts';

const sources = readSources(scanned);
const shipped = sources.filter(({ path }) => !isOutside(path) && !declarationFile.test(path));

describe('the tree', () => {
  it('was read: no scan sees fewer files or imports than the floors say', () => {
    for (const [folder, least] of Object.entries(floors.files)) {
      expect(sources.filter(({ path }) => path.startsWith(folder)).length, `files in ${folder}`).toBeGreaterThanOrEqual(least);
    }
    expect(sources.flatMap(({ imports }) => imports).length, 'imports').toBeGreaterThanOrEqual(floors.imports);
  });

  it('has only imports that the edges and the homes of libraries allow', () => {
    expect(sources.flatMap((source) => source.imports.flatMap((found) => complaint(source, found) ?? []))).toEqual([]);
  });

  it('names every imported file in full', () => {
    const known = new Set(sources.map(({ path }) => path));
    const strays = shipped.flatMap(({ path, imports }) =>
      imports
        .map(({ specifier, line }) => ({ target: targetOf(path, specifier), line }))
        .filter(({ target }) => target !== undefined && !target.endsWith('.css') && !known.has(target))
        .map(({ target, line }) => `${path}:${line} imports ${target}, which is no source file`),
    );
    expect(strays).toEqual([]);
  });

  it('has no cycles between files', () => {
    const graph = new Map(
      sources.map(({ path, imports }) => [
        path,
        // A worker's address is no dependency of the module that starts it.
        imports.filter(({ kind }) => kind !== 'url').flatMap(({ specifier }) => targetOf(path, specifier) ?? []),
      ]),
    );
    expect(cyclesOf(graph).map((cycle) => cycle.join(' → '))).toEqual([]);
  });

  it(`has no file of more than ${linesMax} lines`, () => {
    const long = sources.map(({ path, text }) => `${path} has ${text.split('\n').length - 1} lines`);
    expect(long.filter((entry) => Number(/(\d+) lines$/.exec(entry)![1]) > linesMax)).toEqual([]);
  });

  it('launders no type through unknown', () => {
    expect(shipped.filter(({ text }) => /\bas unknown as\b/.test(text)).map(({ path }) => path)).toEqual([]);
  });

  it('gives no home to a library that package.json does not have', () => {
    const { dependencies, devDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
    const installed = Object.keys({ ...dependencies, ...devDependencies });
    const named = Object.keys(homes).filter((name) => name !== 'node:*');
    expect(
      named.filter((name) => !installed.some((one) => (name.endsWith('*') ? one.startsWith(name.slice(0, -1)) : one === name))),
    ).toEqual([]);
  });
});
