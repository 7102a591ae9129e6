import { Command } from 'commander';
import { ShoalError } from '../../src/core/errors.ts';
import { withSettings } from '../config/options.ts';
import { shownSettings, tomlLine } from '../config/print.ts';
import { faultsOfEnv, faultsOfFile, fileThatCounts } from '../config/read.ts';
import { settings } from '../config/settings.ts';
import type { Context } from '../context.ts';
import { withExamples } from '../help.ts';

export function configCommand(context: Context): Command {
  const command = new Command('config').description('Shows or checks what is set.');
  withExamples(command, [
    ['shoal config print --effective', 'every setting and where it comes from'],
    ['shoal config check shoal.toml', 'all that is wrong with a file'],
  ]);
  return command.addCommand(printCommand(context)).addCommand(checkCommand(context));
}

function printCommand({ io, effective }: Context): Command {
  const command = new Command('print')
    .description('Prints what defaults, file, environment and flags give together, as TOML. Secrets are shown as "(set)".')
    .option('--effective', 'say where each value comes from')
    .option('--json', 'one line of JSON (shoal.config/1)');
  withExamples(command, [
    ['shoal config print', 'as a file that could be read again'],
    ['SHOAL_PORT=9000 shoal config print --effective', 'with the source of each value'],
  ]);
  withSettings(
    command,
    settings.map(({ key }) => key).filter((key) => key !== 'logLevel'),
  );
  return command.action(async (options: { effective?: boolean; json?: boolean }) => {
    const found = effective(command);
    const shown = shownSettings(found);
    if (options.json) return io.json('config', { file: found.file ?? null, settings: shown });
    const lines = shown.map(tomlLine);
    const widest = Math.min(60, Math.max(...lines.map((line) => line.length)));
    for (const [index, line] of lines.entries())
      await io.print(options.effective ? `${line.padEnd(widest)}  # ${shown[index]!.from}` : line);
  });
}

function checkCommand({ io }: Context): Command {
  const command = new Command('check')
    .description(
      'Checks a configuration file, else the one that would be read, and the variables SHOAL_*. Lists every fault; status 2 when there is one.',
    )
    .argument('[FILE]', 'TOML or YAML');
  withExamples(command, [
    ['shoal config check', 'the file in the home, and the environment'],
    ['shoal config check shoal.toml', 'this file by itself'],
  ]);
  withSettings(command, ['home']);
  return command.action((file: string | undefined) => {
    const checked = file ?? fileThatCounts(io.env, command.optsWithGlobals<{ config?: string; home?: string }>());
    const faults = [...(checked === undefined ? [] : faultsOfFile(checked, io.env)), ...(file === undefined ? faultsOfEnv(io.env) : [])];
    for (const fault of faults) io.say(fault);
    if (faults.length > 0) throw new ShoalError('bad-input', `${faults.length} ${faults.length === 1 ? 'fault' : 'faults'} in what is set`);
    io.say(checked === undefined ? 'There is no configuration file; the environment is fine.' : `${checked} is fine.`);
  });
}
