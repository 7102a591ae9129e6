import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('../dist/command/main.js', import.meta.url));

/** All peers of a test share one address, which the limits would otherwise take for one busy household. */
const limits = { socketsPerPrefixMax: 1_000 };

export interface ServerOptions {
  readonly limits?: Record<string, unknown>;
  readonly logLevel?: 'debug' | 'error';
}

export interface TestServer {
  readonly url: string;
  /** All that it has printed since it started last, its log included. */
  printed(): string;
  /** Nothing when it is stopped already. */
  stop(): Promise<void>;
  /** Runs again, at the same address. */
  restart(): Promise<void>;
}

/** What it says to a person each time. */
const expected = /^(Ctrl-C ends it|Ending)\.$/;

/** None of the developer's settings, and a home without a file of them. */
const env = { PATH: process.env.PATH, SHOAL_HOME: fileURLToPath(new URL('../test-results/no-home', import.meta.url)) };

/** Runs the built program, as `npm start` does but without peers, on a free port of this machine. */
export async function startServer(options: ServerOptions = {}): Promise<TestServer> {
  const { logLevel = 'error' } = options;
  const allLimits = JSON.stringify({ ...limits, ...options.limits });
  let printed = '';
  const start = async (port: string): Promise<{ child: ChildProcess; url: string }> => {
    printed = '';
    const args = ['serve', '--peers', '0', '--port', port, '--log-level', logLevel, '--limits', allLimits];
    const child = spawn(process.execPath, [program, ...args], { stdio: ['ignore', 'pipe', 'pipe'], env });
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (printed += chunk.toString()));
    if (logLevel === 'error') createInterface(child.stderr).on('line', (line) => expected.test(line) || process.stderr.write(`${line}\n`));
    return { child, url: await firstUrl(child, () => printed) };
  };
  let { child, url } = await start('0');
  const stop = async (): Promise<void> => {
    if (child.exitCode !== null) return;
    child.kill('SIGTERM');
    await once(child, 'exit');
  };
  return {
    url,
    printed: () => printed,
    stop,
    async restart() {
      await stop();
      ({ child, url } = await start(new URL(url).port));
    },
  };
}

function firstUrl(child: ChildProcess, printed: () => string): Promise<string> {
  return new Promise((resolve, reject) => {
    child.stdout?.on('data', () => {
      const url = /Shoal runs at (\S+)/.exec(printed())?.[1];
      if (url !== undefined) resolve(url.replace(/\/$/, ''));
    });
    child.once('exit', (code) => reject(new Error(`the server ended with ${code}: ${printed()}`)));
  });
}
