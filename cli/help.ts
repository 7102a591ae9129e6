import { type Command, Help } from 'commander';

/** A command line as one would type it, and what it does. */
export type Example = readonly [line: string, does: string];

const examplesOf = new WeakMap<Command, readonly Example[]>();

/** Gives a command the examples that its help opens with. */
export function withExamples(command: Command, examples: readonly Example[]): Command {
  examplesOf.set(command, examples);
  return command;
}

/** Examples first, since they answer most questions; then what commander writes. */
export const helpFormat = {
  /** In the list of commands the first sentence is enough. */
  subcommandDescription(command: Command): string {
    return command.summary() || firstSentence(command.description());
  },
  formatHelp(command: Command, helper: Help): string {
    const examples = examplesOf.get(command) ?? [];
    const widest = Math.max(0, ...examples.map(([line]) => line.length));
    const oneLine = widest + 4 + Math.max(0, ...examples.map(([, does]) => does.length)) <= (helper.helpWidth ?? 80);
    const lines = examples.flatMap(([line, does]) => (oneLine ? [`  ${line.padEnd(widest)}  ${does}`] : [`  ${line}`, `      ${does}`]));
    const opening = lines.length === 0 ? '' : `${helper.styleTitle('Examples:')}\n${lines.join('\n')}\n\n`;
    return opening + Help.prototype.formatHelp.call(helper, command, helper);
  },
};

export function firstSentence(text: string): string {
  return text.split(/(?<=\.)\s/)[0]!.replace(/\.$/, '');
}
