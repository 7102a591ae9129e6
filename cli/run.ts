import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type Command, CommanderError } from 'commander';
import { flagsOf, settingsOf } from './config/options.ts';
import { readConfig } from './config/read.ts';
import type { Defaults } from './config/schema.ts';
import type { Context } from './context.ts';
import { endingOf, exitCodes } from './exit-codes.ts';
import { createIo, type Io } from './io.ts';
import { buildProgram } from './program.ts';
import { listenForSignals } from './signals.ts';

/** What the one who starts the program adds to it: in a checkout, how the page is built. */
export interface RunParts {
  readonly preparePage?: () => void;
  readonly defaults?: Partial<Defaults>;
}

/** Runs `shoal ARGS` and ends the process with the status that SPEC CLI-2 gives. */
export async function run(args: readonly string[], parts: RunParts = {}): Promise<never> {
  const signals = listenForSignals();
  const { stdin, stdout, stderr, env } = process;
  const beforeDashes = args.includes('--') ? args.slice(0, args.indexOf('--')) : args;
  const io = createIo({ env, stdin, stdout, stderr, signal: signals.signal, noColor: beforeDashes.includes('--no-color') });
  let brokenPipe = false;
  stdout.on('error', ({ code }: NodeJS.ErrnoException) => {
    if (code !== 'EPIPE') return;
    brokenPipe = true;
    signals.abort();
  });
  // Nobody is left to be told.
  stderr.on('error', () => undefined);
  const status = await statusOf(args, io, parts, () => brokenPipe);
  await new Promise<void>((resolve) => stdout.write('', () => resolve()));
  if (brokenPipe) process.exit(exitCodes.brokenPipe);
  process.exit(status === exitCodes.interrupted ? signals.status() : status);
}

async function statusOf(args: readonly string[], io: Io, parts: RunParts, unread: () => boolean): Promise<number> {
  const program = await buildProgram(contextOf(io, parts), args);
  try {
    await program.parseAsync([...args], { from: 'user' });
    return exitCodes.ok;
  } catch (error) {
    if (error instanceof CommanderError) return commanderStatus(error, io);
    // Whatever it failed with: that nobody reads its output any more is why, and nobody is to be told.
    if (unread()) return exitCodes.brokenPipe;
    return failed(error, program, io);
  }
}

/** What this file is built into lies in dist/command, in a checkout as in an installed package. */
function contextOf(io: Io, { preparePage, defaults }: RunParts): Context {
  const dist = new URL('../', import.meta.url);
  const { version } = JSON.parse(readFileSync(new URL('../package.json', dist), 'utf8')) as { version: string };
  return {
    io,
    version,
    pageFolder: fileURLToPath(new URL('page/', dist)),
    mainFile: fileURLToPath(new URL('main.js', import.meta.url)),
    ...(preparePage ? { preparePage } : {}),
    effective: (command: Command) =>
      readConfig({ env: io.env, flags: flagsOf(command), settings: settingsOf(command), ...(defaults ? { defaults } : {}) }),
  };
}

/** Help and version that were asked for are no failure; anything else commander ends with is a wrong call. */
function commanderStatus({ code, exitCode, message }: CommanderError, io: Io): number {
  if (exitCode === 0) return exitCodes.ok;
  // Without a command it has shown the help.
  if (code !== 'commander.help') io.say(`shoal: ${oneLine(message)}`);
  return exitCodes.usage;
}

/** `error: unknown option '--prot'\n(Did you mean --port?)` in the words of everything else here. */
function oneLine(message: string): string {
  const text = message.replace(/^error: /, '').replace(/\n\(Did you mean (.*)\?\)$/s, '; did you mean $1?');
  return text.includes('did you mean') ? text : `${text} (--help shows what there is)`;
}

function failed(error: unknown, program: Command, io: Io): number {
  const { status, message, bug } = endingOf(error);
  if (!bug) {
    io.say(`shoal: ${message}`);
    return status;
  }
  const debug = program.opts<{ logLevel?: string }>().logLevel === 'debug' || io.env.SHOAL_LOG_LEVEL === 'debug';
  io.say(`shoal: ${message}: this is a bug in shoal${debug ? '' : '; --log-level debug shows where'}`);
  if (debug && error instanceof Error) io.say(error.stack ?? '');
  return status;
}
