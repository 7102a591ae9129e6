import { ShoalError } from '../../src/core/errors.ts';
import type { Env } from '../io.ts';
import { configFileIn, readConfigFile } from './file.ts';
import { envLayer, fileLayer, flagLayer, type Given, homeDefault, type Layer, leavesOf, objectOf } from './layers.ts';
import { type Config, type Defaults, schemaWith } from './schema.ts';
import { configFileEnv, type Setting, settingAt, settingOf, settings } from './settings.ts';
import { closest } from './suggest.ts';

/** What is asked for: where settings come from. */
export interface Asked {
  readonly env: Env;
  /** Text by the flag's name without its dashes; `config` is the file. */
  readonly flags: Readonly<Record<string, string | undefined>>;
  /**
   * Those whose variables and flags count; all when absent. Others' variables are not even read: an orchestrator may set a SHOAL_PORT of
   * its own, which is no concern of a peer.
   */
  readonly settings?: readonly Setting[];
  /** What the one who starts the program would rather have where nobody sets anything. */
  readonly defaults?: Partial<Defaults>;
}

export interface Effective {
  readonly config: Config;
  /** The file that was read, if any. */
  readonly file?: string;
  /** Who set what, by dotted key; what is not there is a default. */
  readonly sources: ReadonlyMap<string, string>;
}

/** What is set: defaults < file < SHOAL_* < flags (SPEC CONF-1). Throws `bad-input` that names the first fault and counts the others. */
export function readConfig(asked: Asked): Effective {
  const { env, flags } = asked;
  const chosen = asked.settings ?? settings;
  const [fromEnv, fromFlags] = [envLayer(env, chosen), flagLayer(flags, env, chosen)];
  const defaults = { home: homeDefault(env), peers: 0, ...asked.defaults };
  const file = fileThatCounts(env, flags, defaults.home);
  const read = file === undefined ? [] : [fileLayer(readConfigFile(file), env)];
  const layers = [...read, fromEnv, fromFlags];
  const faults = layers.flatMap((layer) => faultsOf(layer));
  const given = layers.flatMap((layer) => layer.given);
  if (faults.length === 0) {
    const config = schemaWith(defaults).parse(objectOf(given));
    const unpaired = pairFault(config);
    if (unpaired === undefined) {
      const sources = new Map(given.map(({ path, from }) => [path.join('.'), from]));
      return { config, sources, ...(file === undefined ? {} : { file }) };
    }
    faults.push(unpaired);
  }
  const more = faults.length > 1 ? ` (and ${faults.length - 1} more: \`shoal config check\` lists them)` : '';
  throw new ShoalError('bad-input', `${faults[0]}${more}`);
}

/** Everything wrong with a file by itself, a sentence each. Throws what reading it throws. */
export function faultsOfFile(file: string, env: Env): string[] {
  const layer = fileLayer(readConfigFile(file), env);
  const faults = faultsOf(layer);
  if (faults.length > 0) return faults;
  const unpaired = pairFault(schemaWith(defaultsOf(env)).parse(objectOf(layer.given)));
  return unpaired === undefined ? [] : [`${file}: ${unpaired}`];
}

/** Everything wrong with the variables that are set, a sentence each. */
export function faultsOfEnv(env: Env): string[] {
  return faultsOf(envLayer(env));
}

/** The file that counts: a named one, else the one in the home, which may itself be named. */
export function fileThatCounts(env: Env, flags: Asked['flags'], homeUnnamed = homeDefault(env)): string | undefined {
  const named = flags.config ?? (env[configFileEnv] || undefined);
  if (named !== undefined) return named;
  const home = [settingOf('home')];
  const given = [...envLayer(env, home).given, ...flagLayer(flags, env, home).given];
  const wanted = given.at(-1)?.value;
  return configFileIn(typeof wanted === 'string' ? wanted : homeUnnamed);
}

const defaultsOf = (env: Env): Defaults => ({ home: homeDefault(env), peers: 0 });

function faultsOf({ given }: Layer): string[] {
  const parsed = schemaWith(defaultsOf({})).safeParse(objectOf(given));
  if (parsed.success) return [];
  return parsed.error.issues.flatMap((issue) => {
    const path = issue.path.map(String);
    return issue.code === 'unrecognized_keys' ? issue.keys.map((key) => unknownFault([...path, key], given)) : [valueFault(path, given)];
  });
}

function unknownFault(path: readonly string[], given: readonly Given[]): string {
  const near = closest(path.join('.'), knownKeys());
  const meant = near === undefined ? '' : `; did you mean ${near}?`;
  return `${placeOf(path, given)}: there is no setting ${path.join('.')}${meant}`;
}

function valueFault(path: readonly string[], given: readonly Given[]): string {
  const setting = settingAt(path);
  const place = placeOf(path, given);
  if (setting === undefined) return `${place} wants settings of its own below it: ${knownBelow(path).join(', ')}`;
  const inside = path.slice(setting.key.split('.').length);
  const wrong = inside.length > 0 ? ` (wrong at ${inside.join('.')})` : '';
  return `${place} wants ${setting.expects}${wrong}`;
}

/** Who set what is at, above or below `path`. */
function placeOf(path: readonly string[], given: readonly Given[]): string {
  const isAt = ({ path: other }: Given): boolean => {
    const length = Math.min(path.length, other.length);
    return path.slice(0, length).join('.') === other.slice(0, length).join('.');
  };
  return given.find(isAt)?.from ?? path.join('.');
}

function knownKeys(): string[] {
  const defaults = leavesOf(schemaWith(defaultsOf({})).parse({})).map(([path]) => path.join('.'));
  return [...new Set([...settings.map(({ key }) => key), ...defaults])];
}

function knownBelow(path: readonly string[]): string[] {
  const prefix = `${path.join('.')}.`;
  return settings.map(({ key }) => key).filter((key) => path.length === 0 || key.startsWith(prefix));
}

function pairFault({ server: { tlsCert, tlsKey } }: Config): string | undefined {
  return (tlsCert === undefined) === (tlsKey === undefined)
    ? undefined
    : '--tls-cert and --tls-key (server.tlsCert and server.tlsKey) go together';
}
