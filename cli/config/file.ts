import { existsSync, readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, extname, join, resolve } from 'node:path';
import type * as Toml from 'smol-toml';
import type * as Yaml from 'yaml';
import { ShoalError } from '../../src/core/errors.ts';

/** Longest configuration file that is read, bytes. */
export const configFileBytesMax = 1_048_576;

export interface ConfigFile {
  readonly path: string;
  /** What relative paths in it count from. */
  readonly folder: string;
  readonly values: Readonly<Record<string, unknown>>;
}

/** For the parsers, which no command waits for that has no file to read: they take a fifth of the time in which it starts. */
const require = createRequire(import.meta.url);

const names = ['config.toml', 'config.yaml', 'config.yml'];

/** The configuration file of a home; undefined when it has none. Throws `bad-input` when it has two. */
export function configFileIn(home: string): string | undefined {
  const found = names.map((name) => join(home, name)).filter((path) => existsSync(path));
  if (found.length > 1) throw new ShoalError('bad-input', `${found.join(' and ')} are both there: keep one of them`);
  return found[0];
}

/** Reads a TOML or YAML file, told apart by its name. Throws `bad-input` with the file and what is wrong, `not-found` when it is not there. */
export function readConfigFile(file: string): ConfigFile {
  const path = resolve(file);
  const parse = parserOf(path);
  const text = readText(path);
  let values: unknown;
  try {
    values = parse(text);
  } catch (error) {
    throw new ShoalError('bad-input', `${path} cannot be read: ${firstLine(error)}`);
  }
  // An empty YAML file holds null.
  values ??= {};
  if (typeof values !== 'object' || Array.isArray(values))
    throw new ShoalError('bad-input', `${path} holds no settings: it wants lines of keys and values`);
  return { path, folder: dirname(path), values: values as Readonly<Record<string, unknown>> };
}

function parserOf(path: string): (text: string) => unknown {
  const ending = extname(path).toLowerCase();
  if (ending === '.toml') return (require('smol-toml') as typeof Toml).parse;
  // Aliases could make a short file long (SPEC CONF-5).
  if (ending === '.yaml' || ending === '.yml') {
    const { parse } = require('yaml') as typeof Yaml;
    return (text) => parse(text, { maxAliasCount: 0, logLevel: 'error' });
  }
  throw new ShoalError('bad-input', `${path} is no configuration file: its name has to end in .toml, .yaml or .yml`);
}

function readText(path: string): string {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined) throw new ShoalError('not-found', `${path}: there is no such configuration file`);
  if (found.isDirectory()) throw new ShoalError('bad-input', `${path} is a folder: name a file in it`);
  if (found.size > configFileBytesMax) throw new ShoalError('bad-input', `${path} is longer than a configuration file may be (1 MiB)`);
  return readFileSync(path, 'utf8');
}

/** Parsers show the place below their first line. */
function firstLine(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  const { line, column } = error as { readonly line?: number; readonly column?: number };
  const place = line === undefined ? '' : ` at line ${line}, column ${column}`;
  return `${text.split('\n')[0]!.replace(/[.:]$/, '')}${place}`;
}
