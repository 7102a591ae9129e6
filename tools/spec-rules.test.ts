import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { citedRules, statedRules } from './spec-rules.ts';
import { readSources, root } from './tidy/sources.ts';

const testNames = /\.(test|browser|process|contract|spec)\.tsx?$/;
const specPath = join(root, 'docs/SPEC.md');

describe.skipIf(!existsSync(specPath))('docs/SPEC.md', () => {
  const stated = existsSync(specPath) ? statedRules(readFileSync(specPath, 'utf8')) : [];

  it('states rules, each once', () => {
    expect(stated.length).toBeGreaterThan(0);
    expect(stated.filter((id, index) => stated.indexOf(id) !== index)).toEqual([]);
  });

  it('has every rule that a test cites', () => {
    const tests = readSources(['src/', 'workers/', 'signaling/', 'cli/', 'e2e/', 'test/']).filter(({ path }) => testNames.test(path));
    const strays = tests.flatMap(({ path, text }) =>
      citedRules(text)
        .filter((id) => !stated.includes(id))
        .map((id) => `${path} cites ${id}`),
    );
    expect(tests.length).toBeGreaterThan(0);
    expect(strays).toEqual([]);
  });
});

it('reads the ids that begin the names of tests, and no others', () => {
  expect(citedRules("test('[CBOR-1] a');\nit.each(x)(`[CBOR-2, KEY-10] ${'b'}`);\nit('[CBOR-1] again');")).toEqual([
    'CBOR-1',
    'CBOR-2',
    'KEY-10',
  ]);
  expect(citedRules("test('like [CBOR-1]'); const a = ['SHA-256'];")).toEqual([]);
});

it('reads the ids that begin a line of the specification, and no others', () => {
  expect(statedRules('1. **CBOR-1** Numbers.\n- **[KEY-2]** x\n## [TREE-3] y\n**RS-4.** z\n')).toEqual([
    'CBOR-1',
    'KEY-2',
    'TREE-3',
    'RS-4',
  ]);
  expect(statedRules('As CBOR-1 says, SHA-256 it; see **KEY-9**.')).toEqual([]);
});
