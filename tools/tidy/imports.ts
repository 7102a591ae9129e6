import { type ESTree, Visitor, parseSync } from 'vite';

/**
 * How one file reaches another: `value` is there at run time, `type` is gone after compilation, `dynamic` is `import()`,
 * `url` is `new URL('….ts', import.meta.url)`, by which a page starts a worker. Other addresses made so are files to read.
 */
export type ImportKind = 'value' | 'type' | 'dynamic' | 'url';

export interface Import {
  readonly specifier: string;
  readonly kind: ImportKind;
  readonly line: number;
}

/**
 * Every import of one source text, in the order of the text. Parsed by Vite's own parser (Oxc): TypeScript 7 has no JavaScript
 * interface, and a scanner of our own would be one more thing that can be wrong in silence.
 * Throws on text that does not parse, and on an import whose target is not a literal: what cannot be read must not pass.
 */
export function importsOf(path: string, text: string): Import[] {
  const { program, errors } = parseSync(path, text);
  if (errors.length > 0) throw new Error(`${path} does not parse: ${errors[0]!.message}`);

  const found: { start: number; import: Import }[] = [];
  const lineAt = (start: number): number => text.slice(0, start).split('\n').length;
  const add = (kind: ImportKind, source: ESTree.Node): void => {
    const specifier = literalText(source);
    if (specifier === undefined) throw new Error(`${path}:${lineAt(source.start)} imports something that is not a literal`);
    found.push({ start: source.start, import: { specifier, kind, line: lineAt(source.start) } });
  };

  new Visitor({
    ImportDeclaration: (node) => add(node.importKind === 'type' ? 'type' : 'value', node.source),
    ExportAllDeclaration: (node) => add(node.exportKind === 'type' ? 'type' : 'value', node.source),
    ExportNamedDeclaration: (node) => {
      if (node.source) add(node.exportKind === 'type' ? 'type' : 'value', node.source);
    },
    ImportExpression: (node) => add('dynamic', node.source),
    TSImportType: (node) => add('type', node.source),
    NewExpression: (node) => {
      const [target, base] = node.arguments;
      if (isName(node.callee, 'URL') && target && base && isImportMetaUrl(base) && /\.tsx?$/.test(literalText(target) ?? ''))
        add('url', target);
    },
  }).visit(program);
  return found.sort((a, b) => a.start - b.start).map((entry) => entry.import);
}

function literalText(node: ESTree.Node): string | undefined {
  return node.type === 'Literal' && typeof node.value === 'string' ? node.value : undefined;
}

function isName(node: ESTree.Node, name: string): boolean {
  return node.type === 'Identifier' && node.name === name;
}

function isImportMetaUrl(node: ESTree.Node): boolean {
  return node.type === 'MemberExpression' && node.object.type === 'MetaProperty' && isName(node.property, 'url');
}
