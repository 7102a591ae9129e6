import { describe, expect, it } from 'vitest';
import { importsOf } from './imports.ts';

const kinds = (text: string, path = 'a.ts') => importsOf(path, text).map(({ kind, specifier }) => `${kind} ${specifier}`);

describe('importsOf', () => {
  it('sees every way of one module to reach another, in order', () => {
    const text = `
      import { a } from './a.ts';
      import type { B } from './b.ts';
      import './side.ts';
      export { c } from './c.ts';
      export type { D } from './d.ts';
      export * from './e.ts';
      export * as f from './f.ts';
      let g: import('./g.ts').G;
      const h = await import('./h.ts');
      const i = new Worker(new URL('./i.ts', import.meta.url), { type: 'module' });`;
    expect(kinds(text)).toEqual([
      'value ./a.ts',
      'type ./b.ts',
      'value ./side.ts',
      'value ./c.ts',
      'type ./d.ts',
      'value ./e.ts',
      'value ./f.ts',
      'type ./g.ts',
      'dynamic ./h.ts',
      'url ./i.ts',
    ]);
  });

  it('counts an import whose names are all types as a value: it still runs the module', () => {
    expect(kinds("import { type A } from './a.ts';")).toEqual(['value ./a.ts']);
  });

  it('is not taken in by comments, strings, templates and regular expressions', () => {
    const text = "// import './a.ts'\n/* from './b.ts' */ const c = \"import './c.ts'\", d = `import './d.ts'`, e = /import '.\\/e.ts'/;";
    expect(kinds(text)).toEqual([]);
  });

  it('takes the address of a file that is no source for what it is', () => {
    expect(kinds("new URL('../../', import.meta.url); new URL(name, import.meta.url); new URL('./a.ts', base);")).toEqual([]);
  });

  it('reads JSX in .tsx', () => {
    expect(kinds("import { A } from './a.tsx'; export const B = () => <A>import './no.ts'</A>;", 'b.tsx')).toEqual(['value ./a.tsx']);
  });

  it('says the line', () => {
    expect(importsOf('a.ts', "\n\nimport './b.ts';")[0]!.line).toBe(3);
  });

  it('refuses what it cannot read: an import of an expression, and text that does not parse', () => {
    expect(() => importsOf('a.ts', 'await import(name);')).toThrow('a.ts:1 imports something that is not a literal');
    expect(() => importsOf('a.ts', 'import from from;')).toThrow('a.ts does not parse');
  });
});
