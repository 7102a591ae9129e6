import { leavesOf } from './layers.ts';
import type { Effective } from './read.ts';
import { settings } from './settings.ts';

/** One setting as it is shown. */
export interface Shown {
  readonly key: string;
  /** Null when it is not set and has no default. */
  readonly value: unknown;
  /** `default`, or who set it. */
  readonly from: string;
}

const hidden = '(set)';

/** Every setting, those without a value too, in the order of the table; secrets are hidden (SPEC CONF-6). */
export function shownSettings({ config, sources }: Effective): Shown[] {
  const leaves = leavesOf(config).map(([path, value]) => [path.join('.'), value] as const);
  return settings.flatMap((setting) => {
    const found = leaves.filter(([key, value]) => value !== undefined && (key === setting.key || key.startsWith(`${setting.key}.`)));
    if (found.length === 0) return [{ key: setting.key, value: null, from: 'default' }];
    return found.map(([key, value]) => ({
      key,
      value: 'secret' in setting ? hidden : withoutCredentials(value),
      from: sources.get(key) ?? 'default',
    }));
  });
}

/** A line of TOML; a comment for what is not set. */
export function tomlLine({ key, value }: Shown): string {
  return value === null ? `# ${key} is not set` : `${key} = ${toml(value)}`;
}

function toml(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(toml).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const entries = Object.entries(value).filter(([, each]) => each !== undefined);
  return `{ ${entries.map(([key, each]) => `${key} = ${toml(each)}`).join(', ')} }`;
}

/** TURN servers come with a password. */
function withoutCredentials(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutCredentials);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => [key, key === 'credential' && each !== undefined ? hidden : withoutCredentials(each)]),
  );
}
