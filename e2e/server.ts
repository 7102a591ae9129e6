import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('../dist/node/signaling/main.js', import.meta.url));

/** All peers of a test share one address, which the limits would otherwise take for one busy household. */
const limits = { socketsPerPrefixMax: 1_000 };

export interface ServerOptions {
  readonly limits?: Record<string, unknown>;
  /** A free one when not given. */
  readonly port?: number;
  readonly logLevel?: 'debug' | 'error';
}

export interface TestServer {
  readonly url: string;
  /** All that it has printed, its log included. */
  printed(): string;
  stop(): Promise<void>;
}

/** Runs the built program, as `npm start` does, on a port of this machine. */
export async function startServer(options: ServerOptions = {}): Promise<TestServer> {
  const { port = 0, logLevel = 'error' } = options;
  const allLimits = JSON.stringify({ ...limits, ...options.limits });
  const child = spawn(process.execPath, [program, '--port', String(port), '--log-level', logLevel, '--limits', allLimits], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let printed = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (printed += chunk.toString()));
  if (logLevel === 'error') child.stderr.pipe(process.stderr);
  const url = await firstUrl(child, () => printed);
  return {
    url,
    printed: () => printed,
    async stop() {
      if (child.exitCode !== null) return;
      child.kill('SIGTERM');
      await once(child, 'exit');
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
