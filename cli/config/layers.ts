import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Env } from '../io.ts';
import type { ConfigFile } from './file.ts';
import { type Setting, settingAt, settings } from './settings.ts';

/** One value and who set it. */
export interface Given {
  readonly path: readonly string[];
  readonly value: unknown;
  /** In words that lead a person there: `FILE: server.port`, `SHOAL_PORT`, `--port`. */
  readonly from: string;
}

/** What one place sets; a later layer counts before an earlier one. */
export interface Layer {
  readonly kind: 'file' | 'env' | 'flags';
  readonly given: readonly Given[];
}

export function fileLayer({ path, folder, values }: ConfigFile, env: Env): Layer {
  return {
    kind: 'file',
    given: leavesOf(values).map(([keys, value]) => ({
      path: keys,
      value: settingAt(keys)?.path && typeof value === 'string' ? pathFrom(folder, value, env) : value,
      from: `${path}: ${keys.join('.')}`,
    })),
  };
}

/** An empty variable is an unset one. */
export function envLayer(env: Env, chosen: readonly Setting[] = settings): Layer {
  const given = chosen.flatMap((setting) => givenBy(setting, env[setting.env] || undefined, setting.env, env));
  return { kind: 'env', given };
}

/** `flags`: text by the flag's name without its dashes. */
export function flagLayer(flags: Readonly<Record<string, string | undefined>>, env: Env, chosen: readonly Setting[] = settings): Layer {
  const given = chosen.flatMap((setting) =>
    setting.flag === undefined ? [] : givenBy(setting, flags[setting.flag], `--${setting.flag}`, env),
  );
  return { kind: 'flags', given };
}

/** `$SHOAL_HOME` is a setting like any other; this is where a home is that nobody has named (XDG base directories). */
export function homeDefault(env: Env): string {
  return join(env.XDG_DATA_HOME || join(env.HOME || homedir(), '.local/share'), 'shoal');
}

/** An object of all values, the later before the earlier, leaf by leaf. */
export function objectOf(given: readonly Given[]): Record<string, unknown> {
  const root: Record<string, unknown> = {};
  for (const { path, value } of given) {
    let place = root;
    for (const key of path.slice(0, -1)) {
      if (!Object.hasOwn(place, key) || !isObject(place[key])) define(place, key, {});
      place = place[key] as Record<string, unknown>;
    }
    define(place, path.at(-1)!, value);
  }
  return root;
}

/** Values of an object with their paths. Lists and empty objects are values. */
export function leavesOf(value: unknown, path: readonly string[] = []): [path: readonly string[], value: unknown][] {
  if (!isObject(value) || (path.length > 0 && Object.keys(value).length === 0)) return [[path, value]];
  return Object.entries(value).flatMap(([key, each]) => leavesOf(each, [...path, key]));
}

function givenBy(setting: Setting, text: string | undefined, from: string, env: Env): Given[] {
  if (text === undefined) return [];
  const value = setting.read ? setting.read(text) : setting.path && text !== '' ? pathFrom('.', text, env) : text;
  const path = setting.key.split('.');
  return leavesOf(value).map(([inside, leaf]) => ({ path: [...path, ...inside], value: leaf, from }));
}

function pathFrom(folder: string, path: string, env: Env): string {
  return path === '~' || path.startsWith('~/') ? join(env.HOME || homedir(), path.slice(1)) : resolve(folder, path);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);
}

/** Not by assignment, so that a key `__proto__` is a key like any other, and refused as unknown. For the same reason only own keys are entered. */
function define(place: Record<string, unknown>, key: string, value: unknown): void {
  Object.defineProperty(place, key, { value, enumerable: true, writable: true, configurable: true });
}
