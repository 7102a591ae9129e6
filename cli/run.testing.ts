import { type ChildProcess, spawn, type SpawnOptions } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** The built program. */
export const mainFile = fileURLToPath(new URL('../dist/command/main.js', import.meta.url));

export interface RunOptions {
  /** Beside PATH, the whole environment: none of the developer's settings reach a test. */
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** All of standard input; nothing, closed at once, when absent. */
  readonly stdin?: string | Uint8Array;
  /** Killed when it takes longer, ms. */
  readonly limitMs?: number;
}

export interface Ended {
  /** Null when a signal ended it. */
  readonly status: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  /** Standard output as it came. */
  readonly bytes: Buffer;
  readonly stderr: string;
}

export interface Running {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
  /** What has come so far. */
  readonly stdout: () => string;
  readonly stderr: () => string;
  /** Resolves with the match once `pattern` is in what it wrote (on either stream); rejects when it ends before. */
  says(pattern: RegExp): Promise<RegExpExecArray>;
}

const limitUsualMs = 60_000;
const running = new Set<ChildProcess>();

/** Starts `shoal ARGS` from the built program. */
export function start(args: readonly string[], options: RunOptions = {}): Running {
  const settings: SpawnOptions = {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { PATH: process.env.PATH, ...options.env },
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
  };
  const child = spawn(process.execPath, [mainFile, ...args], settings);
  running.add(child);
  const [out, err]: [Buffer[], Buffer[]] = [[], []];
  const text = (chunks: readonly Buffer[]): string => Buffer.concat(chunks).toString();
  child.stdout!.on('data', (chunk: Buffer) => out.push(chunk));
  child.stderr!.on('data', (chunk: Buffer) => err.push(chunk));
  // It may end without having read everything.
  child.stdin!.on('error', () => undefined);
  child.stdin!.end(options.stdin ?? '');
  const timer = setTimeout(() => child.kill('SIGKILL'), options.limitMs ?? limitUsualMs);
  const ended = once(child, 'close').then((ending) => {
    const [status, signal] = ending as [number | null, NodeJS.Signals | null];
    clearTimeout(timer);
    running.delete(child);
    return { status, signal, stdout: text(out), bytes: Buffer.concat(out), stderr: text(err) };
  });
  const says = (pattern: RegExp): Promise<RegExpExecArray> =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        const match = pattern.exec(text(out)) ?? pattern.exec(text(err));
        if (match) resolve(match);
      };
      for (const stream of [child.stdout!, child.stderr!]) stream.on('data', look);
      look();
      void ended.then(({ status, stdout, stderr }) =>
        reject(new Error(`shoal ${args.join(' ')} ended with ${status} and never said ${pattern}:\n${stdout}${stderr}`)),
      );
    });
  return { child, ended, stdout: () => text(out), stderr: () => text(err), says };
}

/** Runs `shoal ARGS` to its end. */
export function run(args: readonly string[], options: RunOptions = {}): Promise<Ended> {
  return start(args, options).ended;
}

/** For `afterEach`: ends what a failed test left running, and waits for it. */
export async function endAll(): Promise<void> {
  const left = [...running];
  for (const child of left) child.kill('SIGKILL');
  await Promise.all(
    left.filter(({ exitCode, signalCode }) => exitCode === null && signalCode === null).map((child) => once(child, 'exit')),
  );
}

/** The one line of `--json`, read; throws when there is another number of lines. */
export function jsonOf({ stdout }: Pick<Ended, 'stdout'>): Record<string, unknown> & { readonly schema: string } {
  const lines = stdout.trimEnd().split('\n');
  if (lines.length !== 1) throw new Error(`one line of JSON was expected, not ${lines.length}: ${stdout}`);
  return JSON.parse(lines[0]!) as Record<string, unknown> & { readonly schema: string };
}
