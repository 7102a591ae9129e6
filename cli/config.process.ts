import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'smol-toml';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { jsonOf, run } from './run.testing.ts';

let home: string;

beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'shoal-settings-'));
});

afterAll(() => rmSync(home, { recursive: true }));

function file(name: string, text: string): string {
  mkdirSync(join(home, 'files'), { recursive: true });
  const path = join(home, 'files', name);
  writeFileSync(path, text);
  return path;
}

test.each([
  ['a.toml', 'swarm = "ours"\nregion = "file"\ndomain = "file"\n[server]\ndomainSecret = "sixteen or more letters"\n'],
  ['a.yaml', 'swarm: ours\nregion: file\ndomain: file\nserver:\n  domainSecret: sixteen or more letters\n'],
])('[CONF-1, CONF-6] print --effective shows the four layers with a file %s', async (name, text) => {
  const path = file(name, text);
  const env = { SHOAL_HOME: home, SHOAL_CONFIG: path, SHOAL_REGION: 'env', SHOAL_DOMAIN: 'env' };
  const { status, stdout, stderr } = await run(['config', 'print', '--effective', '--domain', 'flag'], { env });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  const line = (key: string): string =>
    stdout
      .split('\n')
      .find((each) => each.startsWith(`${key} =`))
      ?.replaceAll(/ +/g, ' ') ?? '';
  expect(line('logLevel')).toBe('logLevel = "info" # default');
  expect(line('swarm')).toBe(`swarm = "ours" # ${path}: swarm`);
  expect(line('region')).toBe('region = "env" # SHOAL_REGION');
  expect(line('domain')).toBe('domain = "flag" # --domain');
  expect(line('server.domainSecret')).toBe(`server.domainSecret = "(set)" # ${path}: server.domainSecret`);
  expect(stdout).toContain('# bandwidth.up is not set');
  expect(stdout).not.toContain('sixteen');
});

test('[CONF-6] what print writes could be read again, and hides the credentials of TURN', async () => {
  const ice = JSON.stringify([{ urls: ['turn:t.example.org'], username: 'u', credential: 'hush' }]);
  const env = { SHOAL_HOME: home, SHOAL_ICE_SERVERS: ice };
  const printed = await run(['config', 'print', '--capacity', '2GiB'], { env });
  expect(printed.stdout).not.toContain('hush');
  expect(parse(printed.stdout)).toMatchObject({ home, capacity: 2 ** 31, server: { iceServers: [{ credential: '(set)' }] } });
  const again = await run(['config', 'print'], { env: { SHOAL_HOME: home, SHOAL_CONFIG: file('again.toml', printed.stdout) } });
  expect(again.stdout).toBe(printed.stdout);
  const shown = jsonOf(await run(['config', 'print', '--json'], { env }));
  expect(shown).toMatchObject({ schema: 'shoal.config/1', file: null });
  expect(shown.settings).toContainEqual({ key: 'swarm', value: 'shoal', from: 'default' });
  expect(JSON.stringify(shown)).not.toContain('hush');
});

test('[CONF-3] check lists every fault of a file, with status 2', async () => {
  const path = file('faults.toml', 'sawrm = "x"\ncapacity = "lots"\n[server]\nport = 99999\n');
  const { status, stdout, stderr } = await run(['config', 'check', path]);
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  expect(stderr.trimEnd().split('\n').sort()).toEqual([
    `${path}: capacity wants a size in bytes such as 10GB, 500 MB or 2GiB`,
    `${path}: sawrm: there is no setting sawrm; did you mean swarm?`,
    `${path}: server.port wants a whole number from 0 to 65535`,
    'shoal: 3 faults in what is set',
  ]);
});

test('[CONF-3] check without a file looks at the one in the home and at the environment', async () => {
  const own = join(home, 'own');
  mkdirSync(own);
  const empty = await run(['config', 'check', '--home', own]);
  expect(empty).toMatchObject({ status: 0, stdout: '' });
  writeFileSync(join(own, 'config.yaml'), 'region: eu\n');
  expect((await run(['config', 'check', '--home', own])).stderr).toBe(`${join(own, 'config.yaml')} is fine.\n`);
  const wrong = await run(['config', 'check'], { env: { SHOAL_HOME: own, SHOAL_PEERS: 'many' } });
  expect(wrong.status).toBe(2);
  expect(wrong.stderr).toContain('SHOAL_PEERS wants a whole number from 0 to 64');
});

test('[CLI-3] a fault in the file of a home is one line of any command that reads it, and no stack trace', async () => {
  const path = file('bad.yaml', 'server:\n  prot: 1\n');
  const { status, stderr } = await run(['serve'], { env: { SHOAL_HOME: home, SHOAL_CONFIG: path } });
  expect(status).toBe(2);
  expect(stderr).toBe(`shoal: ${path}: server.prot: there is no setting server.prot; did you mean server.port?\n`);
});
