import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, mkdtemp, readdir, readFile, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { isBuiltin } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseSync } from 'vite';
import { afterEach, expect, test } from 'vitest';
import { parse } from 'yaml';
import { freePort } from '../test/free-port.ts';
import { selfSigned } from '../test/self-signed.ts';

const repository = fileURLToPath(new URL('../', import.meta.url));
const dockerfile = await readFile(join(repository, 'Dockerfile'), 'utf8');

interface Service {
  readonly command: readonly string[];
  readonly environment: Readonly<Record<string, string | number>>;
  readonly volumes: readonly string[];
  readonly healthcheck?: { readonly test: readonly string[] };
}
const compose = parse(await readFile(join(repository, 'compose.yaml'), 'utf8'), { merge: true }) as {
  readonly services: Readonly<Record<string, Service>>;
  readonly volumes: Readonly<Record<string, null>>;
};

let root = '';
const started = new Set<ChildProcess>();
afterEach(async () => {
  for (const child of started) child.kill('SIGKILL');
  started.clear();
  await rm(root, { recursive: true, force: true });
});

test('compose.yaml: one server, and six peers with a volume, a failure domain and a port for metrics of their own', () => {
  const { server, ...peers } = compose.services;
  expect(server!.command).toEqual(['serve']);
  const each = Object.entries(peers);
  expect(each.map(([name]) => name)).toEqual(Object.keys(compose.volumes));
  expect(each).toHaveLength(6);
  for (const [name, { command, volumes }] of each) expect([command, volumes[0]]).toEqual([['peer'], `${name}:/var/lib/shoal`]);
  for (const key of ['SHOAL_DOMAIN', 'SHOAL_METRICS_PORT'])
    expect(new Set(each.map(([, { environment }]) => environment[key]?.toString())).size, key).toBe(6);
});

test('Dockerfile and compose.yaml: entry point, commands, settings and health checks, as plain processes', async () => {
  root = await realpath(await mkdtemp(join(tmpdir(), 'shoal-ct-')));
  await layImage();
  const port = await freePort();
  const tried = (text: string): string =>
    text
      .replaceAll(/^0\.0\.0\.0$/g, 'localhost')
      .replaceAll(/^443$/g, String(port))
      .replaceAll(/^947\d$/g, '0')
      // What compose does with variables that nobody has set.
      .replaceAll(/\$\{\w+:-(\w+)\}/g, '$1')
      .replaceAll('https://localhost/', `https://localhost:${port}/`)
      .replaceAll(/\/(opt\/shoal|run\/tls|var\/lib\/shoal)/g, (path) => join(root, path));
  const run = (command: readonly string[], service: Service): ChildProcess => {
    const set = { ...imageEnv(), ...service.environment };
    const env = Object.fromEntries(Object.entries(set).map(([name, value]) => [name, tried(String(value))]));
    const [program, ...args] = command.map(tried);
    const child = spawn(program!, args, { env: { PATH: process.env.PATH, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
    started.add(child);
    return child;
  };
  const entryPoint = listAfter('ENTRYPOINT');
  const { server, 'peer-1': peer } = compose.services as Record<'server' | 'peer-1', Service>;
  const [, ...serverCheck] = server.healthcheck!.test;
  const peerCheck = listAfter('HEALTHCHECK .*CMD');
  expect(listAfter('CMD')).toEqual(peer.command);

  expect(await statusOf(run(serverCheck, server))).toBe(1);
  const serving = run([...entryPoint, ...server.command], server);
  await says(serving, 'Shoal runs at');
  expect(await statusOf(run(serverCheck, server))).toBe(0);

  expect(await statusOf(run(peerCheck, peer))).toBe(3);
  const lending = run([...entryPoint, ...peer.command], peer);
  await says(lending, 'lends 50 GB');
  expect(await statusOf(run(peerCheck, peer))).toBe(0);

  for (const child of [lending, serving]) {
    child.kill('SIGTERM');
    expect(await statusOf(child)).toBe(0);
  }
});

test('package.json: what the program imports is there after npm ci --omit=dev', async () => {
  const { dependencies } = JSON.parse(await readFile(join(repository, 'package.json'), 'utf8')) as { dependencies: Record<string, string> };
  const folder = join(repository, 'dist/command');
  const imported = new Set<string>();
  for (const file of (await readdir(folder)).filter((name) => name.endsWith('.js'))) {
    const code = await readFile(join(folder, file), 'utf8');
    const { staticImports, dynamicImports } = parseSync(file, code).module;
    // What the bundler left of a `require`, and our own of what is loaded late.
    const required = code.includes('require = createRequire(') ? /require\("([^"]+)"\)/g : /__require\("([^"]+)"\)/g;
    const names = [
      ...staticImports.map(({ moduleRequest }) => moduleRequest.value),
      ...dynamicImports.map(({ moduleRequest: { start, end } }) => /^["'](.*)["']$/.exec(code.slice(start, end))?.[1] ?? ''),
      ...[...code.matchAll(required)].map(([, name]) => name!),
    ];
    for (const name of names) if (/^[@\w]/.test(name) && !isBuiltin(name)) imported.add(/^(@[^/]+\/)?[^/]+/.exec(name)![0]);
  }
  expect([...imported].sort()).toEqual(['node-datachannel', 'node-sqlite3-wasm', 'smol-toml', 'yaml']);
  expect([...imported].filter((name) => dependencies[name] === undefined)).toEqual([]);
});

/** The folders that the image has, with what is built here in them. */
async function layImage(): Promise<void> {
  const to = join(root, 'opt/shoal');
  await mkdir(join(to, 'cli'), { recursive: true });
  for (const name of ['dist', 'node_modules']) await symlink(join(repository, name), join(to, name));
  for (const name of ['package.json', 'cli/shoal.mjs']) await cp(join(repository, name), join(to, name));
  await mkdir(join(root, 'run/tls'), { recursive: true });
  await mkdir(join(root, 'var/lib/shoal'), { recursive: true, mode: 0o700 });
  const { cert, key } = selfSigned();
  await writeFile(join(root, 'run/tls/cert.pem'), cert);
  await writeFile(join(root, 'run/tls/key.pem'), key);
}

function listAfter(instruction: string): string[] {
  return JSON.parse(new RegExp(`^${instruction} (\\[.*\\])$`, 'm').exec(dockerfile)![1]!) as string[];
}

function imageEnv(): Record<string, string> {
  const pairs = /^ENV (.*)$/m
    .exec(dockerfile)![1]!
    .split(' ')
    .map((pair) => pair.split('=') as [string, string]);
  return Object.fromEntries(pairs);
}

async function statusOf(child: ChildProcess): Promise<number | null> {
  if (child.exitCode === null) await once(child, 'exit');
  return child.exitCode;
}

async function says(child: ChildProcess, words: string): Promise<void> {
  let said = '';
  await new Promise<void>((resolve, reject) => {
    for (const stream of [child.stdout!, child.stderr!])
      stream.on('data', (chunk: Buffer) => {
        said += chunk.toString();
        if (said.includes(words)) resolve();
      });
    child.once('exit', () => reject(new Error(`it ended and never said "${words}":\n${said}`)));
  });
}
