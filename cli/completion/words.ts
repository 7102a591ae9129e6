import type { Argument, Command, Option } from 'commander';
import { firstSentence } from '../help.ts';

/** What may stand in a place: files, folders, one of some words, or text that only the person knows. */
export type Place = { readonly kind: 'files' | 'folders' | 'text' } | { readonly kind: 'choices'; readonly choices: readonly string[] };

export interface OptionWords {
  /** With dashes, such as `--home`. */
  readonly names: readonly string[];
  /** Undefined for one that takes no value. */
  readonly value: Place | undefined;
  readonly description: string;
}

export interface CommandWords {
  /** Names from below the program, such as `config print`; empty for the program itself. */
  readonly path: string;
  readonly description: string;
  readonly commands: readonly string[];
  /** Those of the commands above it too. */
  readonly options: readonly OptionWords[];
  /** What it takes besides; the first argument stands for all. */
  readonly argument: Place | undefined;
}

/** Every command of the tree with what can follow it, the program first. */
export function wordsOf(program: Command): CommandWords[] {
  const visit = (command: Command, path: string, above: readonly OptionWords[]): CommandWords[] => {
    const help = command.createHelp();
    const own = help.visibleOptions(command).map(optionWords);
    const options = [...own, ...above.filter((option) => !own.some(({ names }) => names.includes(option.names[0]!)))];
    const children = command.commands.filter((child) => help.visibleCommands(command).includes(child));
    const [argument] = command.registeredArguments;
    return [
      {
        path,
        description: firstSentence(command.description()),
        commands: children.map((child) => child.name()),
        options,
        argument: argument && placeOf(argument.name(), argument.argChoices),
      },
      ...children.flatMap((child) => visit(child, `${path} ${child.name()}`.trim(), options)),
    ];
  };
  return visit(program, '', []);
}

function optionWords(option: Option): OptionWords {
  const value = /<(.*)>|\[(.*)\]/.exec(option.flags);
  return {
    names: [option.long, option.short].filter((name) => name !== undefined && name !== null),
    value: value === null ? undefined : placeOf(value[1] ?? value[2] ?? '', option.argChoices),
    description: option.description,
  };
}

/** By the word that stands for it in help. */
function placeOf(name: string, choices: Argument['argChoices']): Place {
  if (choices !== undefined) return { kind: 'choices', choices };
  if (/FILE|PATH/i.test(name)) return { kind: 'files' };
  return { kind: /DIR|HOME|FOLDER/i.test(name) ? 'folders' : 'text' };
}
