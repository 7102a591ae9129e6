import { type Command, Option } from 'commander';
import { type Setting, type SettingKey, settingOf } from './settings.ts';

const keysOf = new WeakMap<Command, readonly SettingKey[]>();

/** Gives a command the flags of these settings, and lets their variables count for it. */
export function withSettings(command: Command, keys: readonly SettingKey[]): Command {
  keysOf.set(command, keys);
  for (const key of keys) {
    const { flag, value, help, env, choices } = settingOf(key);
    if (flag === undefined) continue;
    const option = new Option(`--${flag} <${value}>`, `${help} (${env})`);
    command.addOption(choices === undefined ? option : option.choices(choices));
  }
  return command;
}

/** The settings of a command and of those above it. */
export function settingsOf(command: Command): Setting[] {
  const own = (keysOf.get(command) ?? []).map(settingOf);
  return command.parent === null ? own : [...settingsOf(command.parent), ...own];
}

/** What the command line says of settings, as text by the flag's name. */
export function flagsOf(command: Command): Record<string, string | undefined> {
  const values = command.optsWithGlobals<Record<string, unknown>>();
  const entries = ['config', ...settingsOf(command).flatMap(({ flag }) => flag ?? [])].map((flag) => {
    const value = values[flag.replaceAll(/-(\w)/g, (_, letter: string) => letter.toUpperCase())];
    return [flag, typeof value === 'string' ? value : undefined] as const;
  });
  return Object.fromEntries(entries);
}
