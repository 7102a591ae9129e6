import { Argument, Command } from 'commander';
import { completionScript, type Shell, shells } from '../completion/scripts.ts';
import { wordsOf } from '../completion/words.ts';
import type { Context } from '../context.ts';
import { withExamples } from '../help.ts';

export function completionCommand({ io }: Context): Command {
  const command = new Command('completion')
    .description('Prints a script that has the shell complete commands, options and files of shoal.')
    .addArgument(new Argument('<SHELL>', 'which shell').choices(shells));
  withExamples(command, [
    ['source <(shoal completion bash)', 'in ~/.bashrc'],
    ['source <(shoal completion zsh)', 'in ~/.zshrc, after compinit'],
    ['shoal completion fish | source', 'in ~/.config/fish/config.fish'],
  ]);
  return command.action((shell: Shell) => io.write(completionScript(shell, wordsOf(command.parent!))));
}
