import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('../dist/node/signaling/main.js', import.meta.url));

/** All peers of a test share one address, which the limits would otherwise take for one busy household. */
const limits = { socketsPerPrefixMax: 1_000 };

export interface TestServer {
  readonly url: string;
  stop(): Promise<void>;
}

/** Runs the built program, as `npm start` does, on a free port of this machine. */
export async function startServer(extraLimits: Record<string, unknown> = {}): Promise<TestServer> {
  const child = spawn(
    process.execPath,
    [program, '--port', '0', '--log-level', 'error', '--limits', JSON.stringify({ ...limits, ...extraLimits })],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  const url = await firstUrl(child);
  return {
    url,
    async stop() {
      if (child.exitCode !== null) return;
      child.kill('SIGTERM');
      await once(child, 'exit');
    },
  };
}

function firstUrl(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let printed = '';
    child.stdout?.on('data', (chunk: Buffer) => {
      printed += chunk.toString();
      const url = /Shoal runs at (\S+)/.exec(printed)?.[1];
      if (url !== undefined) resolve(url.replace(/\/$/, ''));
    });
    child.once('exit', (code) => reject(new Error(`the server ended with ${code}: ${printed}`)));
  });
}
