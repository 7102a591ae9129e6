import { execFile } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, expect, test } from 'vitest';
import { freePort } from '../test/free-port.ts';
import { isLong } from '../test/long.ts';
import { selfSigned } from '../test/self-signed.ts';
import { endAll, mainFile } from './run.testing.ts';
import { comparable, runbook, standIn, stepsOf } from './runbook.testing.ts';
import { createServices, type Services } from './services.testing.ts';

/** A loop of the document that waits for something goes on until then. */
const commandLimitMs = 60_000;

let root: string | undefined;
afterEach(async () => {
  await endAll();
  if (root !== undefined) await rm(root, { recursive: true, force: true });
});

// Minutes. GNU tools and units of systemd: what the document is about.
test.runIf(isLong && process.platform === 'linux')(
  'docs/RUNBOOK.md: every step, in its order, shows what it says',
  { timeout: 180_000 },
  async () => {
    root = await realpath(await mkdtemp(join(tmpdir(), 'shoal-rb-')));
    const stand = standIn(root, [await freePort(), await freePort()], 10 * Math.floor(2_000 + Math.random() * 1_000));
    await furnish(root);
    const services = createServices(join(root, 'bin/shoal'), join(root, 'units'));
    const steps = stepsOf(runbook);
    expect(steps.length).toBeGreaterThan(18);

    for (const step of steps) {
      if (step.kind === 'file') {
        const path = stand.tried(step.path.replace(/^~/, '/root'));
        await mkdir(dirname(path), { recursive: true });
        await writeFile(path, stand.tried(step.text));
        continue;
      }
      const printed = stand.told(await walk(root, step.commands.map(stand.tried), services));
      if (step.output !== undefined) expect(comparable(printed.split('\n')), `line ${step.line}`).toEqual(comparable(step.output));
    }

    const told = await (await fetch(services.metrics()[0]!)).text();
    for (const [name] of runbook.matchAll(/\bshoal_[a-z_]+/g)) expect(told, `metric ${name}`).toContain(`${name}`);
    await services.stopAll();
  },
);

/** What an installed machine has before section 3: the command, the certificate, and folders. */
async function furnish(folder: string): Promise<void> {
  for (const name of ['bin', 'etc', 'units', 'lib', 'srv', 'home']) await mkdir(join(folder, name));
  await writeFile(join(folder, 'bin/shoal'), `#!/bin/sh\nexec '${process.execPath}' '${mainFile}' "$@"\n`);
  await chmod(join(folder, 'bin/shoal'), 0o755);
  const { cert, key } = selfSigned();
  await writeFile(join(folder, 'etc/cert.pem'), cert);
  await writeFile(join(folder, 'etc/key.pem'), key, { mode: 0o600 });
  await mkdir(join(folder, 'home/keys'));
}

/** Runs commands as a shell does that stops at the first failure; `systemctl` is played. Gives all that they print. */
async function walk(folder: string, commands: readonly string[], services: Services): Promise<string> {
  let printed = '';
  for (const command of commands) {
    if (command.startsWith('systemctl ')) await services.systemctl(command);
    else printed += await shell(folder, command);
  }
  return printed;
}

async function shell(folder: string, command: string): Promise<string> {
  const ca = /^NODE_EXTRA_CA_CERTS=(.*)$/m.exec(await readFile(join(folder, 'etc/environment'), 'utf8'))![1]!;
  const env = { PATH: `${folder}/bin:${process.env.PATH}`, HOME: join(folder, 'home'), NODE_EXTRA_CA_CERTS: ca };
  const { stdout } = await promisify(execFile)('sh', ['-c', `exec 2>&1; ${command}`], {
    cwd: join(folder, 'home'),
    env,
    timeout: commandLimitMs,
  });
  return stdout;
}
