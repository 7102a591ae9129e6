import { Command } from 'commander';
import { withSettings } from './config/options.ts';
import type { Context } from './context.ts';
import { helpFormat, withExamples } from './help.ts';

type Load = () => Promise<(context: Context) => Command>;

/**
 * The commands by name, under the headings and in the order in which help shows them. Each is loaded when it is needed: together they
 * are a second of work, which nobody should wait for who asks for one.
 */
const groups: Readonly<Record<string, Readonly<Record<string, Load>>>> = {
  'Files:': {
    put: async () => (await import('./commands/put.ts')).putCommand,
    get: async () => (await import('./commands/get.ts')).getCommand,
    ls: async () => (await import('./commands/ls.ts')).lsCommand,
    stat: async () => (await import('./commands/stat.ts')).statCommand,
    verify: async () => (await import('./commands/verify.ts')).verifyCommand,
    renew: async () => (await import('./commands/renew.ts')).renewCommand,
    rm: async () => (await import('./commands/rm.ts')).rmCommand,
  },
  'Peer and server:': {
    peer: async () => (await import('./commands/peer.ts')).peerCommand,
    status: async () => (await import('./commands/status.ts')).statusCommand,
    peers: async () => (await import('./commands/peers.ts')).peersCommand,
    drop: async () => (await import('./commands/drop.ts')).dropCommand,
    inspect: async () => (await import('./commands/inspect.ts')).inspectCommand,
    identity: async () => (await import('./commands/identity.ts')).identityCommand,
    serve: async () => (await import('./commands/serve.ts')).serveCommand,
  },
  'Without a network:': {
    encode: async () => (await import('./commands/encode.ts')).encodeCommand,
    decode: async () => (await import('./commands/decode.ts')).decodeCommand,
  },
  'Settings:': {
    config: async () => (await import('./commands/config.ts')).configCommand,
    completion: async () => (await import('./commands/completion.ts')).completionCommand,
  },
};

/** Options of the program itself that take a value. */
const valued: readonly string[] = ['--config', '--log-level'];

/** The tree of commands, or the branch of it that `args` ask for. Parsing throws commander's errors instead of ending the process. */
export async function buildProgram(context: Context, args: readonly string[]): Promise<Command> {
  const program = bareProgram(context);
  const needed = neededFor(args);
  for (const [heading, group] of Object.entries(groups)) {
    for (const [name, load] of Object.entries(group)) {
      // A name alone is enough to be what somebody meant to type.
      program.addCommand((needed(name) ? (await load())(context) : new Command(name)).helpGroup(heading));
    }
  }
  inherit(program);
  return program;
}

/** Which commands have to be loaded: the one that is asked for; all of them where they are listed. */
function neededFor(args: readonly string[]): (name: string) => boolean {
  const asked = commandIn(args);
  const lists = asked === 'completion' || (asked === undefined && !args.some((arg) => arg === '--version' || arg === '-V'));
  const helps =
    args.some((arg) => arg === '--help' || arg === '-h') && !Object.values(groups).some((group) => Object.hasOwn(group, asked ?? ''));
  return (name) => lists || helps || name === asked;
}

/** The first word that is neither an option nor the value of one. */
function commandIn(args: readonly string[]): string | undefined {
  return args.find((arg, index) => !arg.startsWith('-') && !valued.includes(args[index - 1] ?? ''));
}

function bareProgram({ io, version }: Context): Command {
  const program = new Command('shoal')
    .description('Keeps files alive in a swarm: encrypted, erasure-coded, opened by a link.')
    .usage('COMMAND [options]')
    .version(version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'this text')
    .helpCommand(false)
    .option('--config <FILE>', 'settings, TOML or YAML (SHOAL_CONFIG; else config.toml or config.yaml in the home)')
    .option('--no-color', 'plain text (NO_COLOR)')
    .configureHelp({ ...helpFormat, showGlobalOptions: true, styleTitle: (title) => io.outColors.bold(title) })
    .configureOutput({
      // That nobody reads it any more run.ts learns from the stream itself.
      writeOut: (text) => void io.write(text).catch(() => undefined),
      writeErr: (text) => io.say(text.replace(/\n$/, '')),
      // run.ts says it, in one line.
      outputError: () => undefined,
      getOutHelpWidth: () => io.columns,
      getErrHelpWidth: () => io.columns,
      getOutHasColors: () => io.outColors.bold('x') !== 'x',
      getErrHasColors: () => io.colors.bold('x') !== 'x',
    })
    .exitOverride();
  withSettings(program, ['logLevel']);
  withExamples(program, [
    ['shoal put holiday.mp4', 'store a file and print its link'],
    ['shoal get LINK', 'fetch it again'],
    ['shoal peer --capacity 50GB', 'lend storage, until Ctrl-C'],
  ]);
  return program;
}

/** Commands made on their own do not have what the program was told about help, output and errors. */
function inherit(command: Command): void {
  for (const child of command.commands) {
    child.copyInheritedSettings(command).helpCommand(false);
    inherit(child);
  }
}
