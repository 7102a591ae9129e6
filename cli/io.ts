import type { Readable, Writable } from 'node:stream';
import picocolors from 'picocolors';
import { ShoalError } from '../src/core/errors.ts';

export type Env = Readonly<Record<string, string | undefined>>;
export type Colors = Omit<ReturnType<typeof picocolors.createColors>, 'isColorSupported'>;

/** What a command reads and writes. Data goes to `out`, everything else to `err` (SPEC CLI-1). */
export interface Io {
  readonly env: Env;
  readonly stdin: Readable;
  readonly stdinIsTty: boolean;
  readonly stdoutIsTty: boolean;
  readonly stderrIsTty: boolean;
  /** Columns of the terminal that shows standard error, or what a person can read at once where there is none. */
  readonly columns: number;
  /** Colors for standard error and for standard output; each writes plain text where it should. */
  readonly colors: Colors;
  readonly outColors: Colors;
  /** Aborted by the first SIGINT or SIGTERM, and when the reader of standard output is gone. */
  readonly signal: AbortSignal;
  /** For whoever needs the stream itself. */
  readonly stdout: Writable;
  /** Data, on standard output. Resolves when the system has it, so that whoever awaits it writes no faster than is read. */
  write(data: string | Uint8Array): Promise<void>;
  /** One line of data. */
  print(line: string): Promise<void>;
  /** One line of data that says what it is: `{"schema":"shoal.NAME/1",…}` (SPEC CLI-4). */
  json(name: string, body: Readonly<Record<string, unknown>>): Promise<void>;
  /** One line for the person, on standard error. */
  say(line: string): void;
  /** A line for the person that the next one takes the place of; an empty one takes it away. Nothing where no terminal is. */
  renew(line: string): void;
  /** The first line of standard input, without its end; at most `stdinLineCharsMax` characters. Throws `bad-input` when there is none. */
  readLine(): Promise<string>;
}

/** Longest line that is taken from standard input where one is asked for, such as a link. */
export const stdinLineCharsMax = 8_192;

/** To the beginning of the terminal's line, which is emptied. */
const clearLine = '\r\u001b[2K';

/** Columns where there is no terminal. */
const columnsWithoutTerminal = 80;

interface Stream extends Writable {
  readonly isTTY?: boolean;
  readonly columns?: number;
}

export interface IoParts {
  readonly env: Env;
  readonly stdin: Readable & { readonly isTTY?: boolean };
  readonly stdout: Stream;
  readonly stderr: Stream;
  readonly signal: AbortSignal;
  /** `--no-color` was given. */
  readonly noColor: boolean;
}

/** Colors only on a terminal that can show them and for a person who wants them (SPEC CLI-5; no-color.org). */
export function wantsColor(isTty: boolean, env: Env, noColor: boolean): boolean {
  return isTty && !noColor && !env.NO_COLOR && env.TERM !== 'dumb';
}

export function createIo({ env, stdin, stdout, stderr, signal, noColor }: IoParts): Io {
  const stdoutIsTty = stdout.isTTY === true;
  const stderrIsTty = stderr.isTTY === true;
  /** A line without an end is on the terminal. */
  let renewed = false;
  const write = (data: string | Uint8Array): Promise<void> =>
    new Promise((resolve, reject) => {
      stdout.write(data, (error) => (error ? reject(error) : resolve()));
    });
  return {
    env,
    stdin,
    stdout,
    stdinIsTty: stdin.isTTY === true,
    stdoutIsTty,
    stderrIsTty,
    // A terminal may say that it has none: then it does not know.
    columns: stderr.columns || stdout.columns || columnsWithoutTerminal,
    colors: picocolors.createColors(wantsColor(stderrIsTty, env, noColor)),
    outColors: picocolors.createColors(wantsColor(stdoutIsTty, env, noColor)),
    signal,
    write,
    print: (line) => write(`${line}\n`),
    json: (name, body) => write(`${JSON.stringify({ schema: `shoal.${name}/1`, ...body })}\n`),
    say(line) {
      stderr.write(`${renewed ? clearLine : ''}${plainBlanks(line)}\n`);
      renewed = false;
    },
    renew(line) {
      if (!stderrIsTty || (line === '' && !renewed)) return;
      stderr.write(`${clearLine}${plainBlanks(line)}`);
      renewed = line !== '';
    },
    readLine: () => firstLine(stdin),
  };
}

/** Figures have a no-break space before their unit: here it would miss a grep, and show as two letters on a terminal that is not UTF-8. */
export const plainBlanks = (line: string): string => line.replaceAll('\u00a0', ' ');

async function firstLine(stdin: Readable): Promise<string> {
  let text = '';
  for await (const chunk of stdin.setEncoding('utf8')) {
    text += String(chunk);
    if (text.includes('\n') || text.length > stdinLineCharsMax) break;
  }
  const line = text.split('\n')[0]!.replace(/\r$/, '');
  if (line.length > stdinLineCharsMax)
    throw new ShoalError('bad-input', `the line on standard input is longer than ${stdinLineCharsMax} characters`);
  if (line === '') throw new ShoalError('bad-input', 'one line was expected on standard input and there is none');
  return line;
}
