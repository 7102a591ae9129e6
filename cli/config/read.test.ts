import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { errorCode } from '../../src/core/errors.ts';
import { readConfig } from './read.ts';
import { settings } from './settings.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'shoal-config-'));
});

afterEach(() => rmSync(folder, { recursive: true }));

function file(name: string, text: string): string {
  const path = join(folder, name);
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, text);
  return path;
}

const toml = 'swarm = "from-file"\ncapacity = "2GiB"\n[server]\nport = 7001\n[server.limits]\nsocketsMax = 5\n';

/** The one sentence that reading it fails with. */
function fault(env: Record<string, string>, flags: Record<string, string> = {}): string {
  try {
    readConfig({ env: { SHOAL_HOME: folder, ...env }, flags });
  } catch (error) {
    expect(errorCode(error)).toBe('bad-input');
    return (error as Error).message;
  }
  throw new Error('it was taken');
}

describe('layers', () => {
  test('[CONF-1] a flag counts before the environment, that before the file, that before the default', () => {
    const path = file('a.toml', toml);
    const { config, sources } = readConfig({
      env: { SHOAL_HOME: folder, SHOAL_PORT: '7002', SHOAL_HOST: '0.0.0.0', SHOAL_SWARM: '' },
      flags: { config: path, port: '7003' },
    });
    expect(config).toMatchObject({
      home: folder,
      swarm: 'from-file',
      capacity: 2 ** 31,
      logLevel: 'info',
      server: { port: 7003, host: '0.0.0.0', limits: { socketsMax: 5, prefixesMax: 10_000 } },
    });
    expect(Object.fromEntries(sources)).toMatchObject({
      'server.port': '--port',
      'server.host': 'SHOAL_HOST',
      swarm: `${path}: swarm`,
      'server.limits.socketsMax': `${path}: server.limits.socketsMax`,
    });
    expect(sources.has('logLevel')).toBe(false);
  });

  test('[CONF-1] limits of several layers are joined one by one', () => {
    const { config } = readConfig({
      env: { SHOAL_HOME: folder, SHOAL_LIMITS: '{"prefixesMax":6}' },
      flags: { config: file('a.toml', toml), limits: '{"socketsPerPrefixMax":7}' },
    });
    expect(config.server.limits).toMatchObject({ socketsMax: 5, prefixesMax: 6, socketsPerPrefixMax: 7, sendBufferBytesMax: 1_048_576 });
  });

  test('[CONF-1] who starts the program may have other defaults, which count last', () => {
    const asked = { flags: {}, defaults: { home: folder, peers: 6 } };
    expect(readConfig({ ...asked, env: {} }).config).toMatchObject({ home: folder, server: { peers: 6 } });
    expect(readConfig({ ...asked, env: { SHOAL_PEERS: '0' } }).config.server.peers).toBe(0);
  });

  test('[CONF-7] variables of settings that a command does not have are not read', () => {
    const env = { SHOAL_HOME: folder, SHOAL_PORT: 'tcp://10.0.0.1:8080' };
    const home = settings.filter(({ key }) => key === 'home');
    expect(readConfig({ env, flags: {}, settings: home }).config.home).toBe(folder);
    expect(fault(env)).toContain('SHOAL_PORT');
  });
});

describe('the file', () => {
  test('[CONF-2] is the flag, else SHOAL_CONFIG, else the one in the home', () => {
    const [flagged, named] = [file('flag.yaml', 'swarm: flag\n'), file('env.yml', 'swarm: env\n')];
    file('config.toml', 'swarm = "home"\n');
    const swarm = (env: Record<string, string>, flags = {}): string =>
      readConfig({ env: { SHOAL_HOME: folder, ...env }, flags }).config.swarm;
    expect(swarm({ SHOAL_CONFIG: named }, { config: flagged })).toBe('flag');
    expect(swarm({ SHOAL_CONFIG: named })).toBe('env');
    expect(swarm({})).toBe('home');
    expect(swarm({ SHOAL_HOME: join(folder, 'nowhere') })).toBe('shoal');
    expect(readConfig({ env: { XDG_DATA_HOME: '/data' }, flags: {} }).config.home).toBe('/data/shoal');
    expect(readConfig({ env: { HOME: '/nobody' }, flags: {} }).config.home).toBe('/nobody/.local/share/shoal');
  });

  test('[CONF-2] TOML and YAML say the same', () => {
    const yaml = 'swarm: from-file\ncapacity: 2GiB\nserver:\n  port: 7001\n  limits: { socketsMax: 5 }\n';
    const read = (path: string) => readConfig({ env: { SHOAL_HOME: folder }, flags: { config: path } }).config;
    expect(read(file('a.yaml', yaml))).toEqual(read(file('a.toml', toml)));
    expect(read(file('empty.yaml', ''))).toEqual(read(file('empty.toml', '')));
  });

  test('[CONF-2] paths in it count from its folder', () => {
    const path = file('etc/a.toml', '[server]\ntlsCert = "cert.pem"\ntlsKey = "~/key.pem"\n');
    const { server } = readConfig({ env: { SHOAL_HOME: folder, HOME: '/me' }, flags: { config: path } }).config;
    expect([server.tlsCert, server.tlsKey]).toEqual([join(folder, 'etc/cert.pem'), '/me/key.pem']);
  });

  test('[CONF-2] two in one home are refused', () => {
    file('config.toml', '');
    file('config.yaml', '');
    expect(fault({})).toContain('are both there');
  });

  test.each([
    ['a.toml', 'swarm = ', /a\.toml cannot be read: .*line 1/],
    ['a.yaml', 'swarm: [', /a\.yaml cannot be read: .*line/],
    ['a.yaml', 'a: &a [1]\nb: *a\n', /a\.yaml cannot be read: .*alias/i],
    ['a.yaml', 'swarm: a\nswarm: b\n', /a\.yaml cannot be read: .*unique/i],
    ['a.yaml', '- a\n', /holds no settings/],
    ['a.yaml', 'a', /holds no settings/],
    ['a.json', '{}', /has to end in \.toml, \.yaml or \.yml/],
    ['a.toml', `#${'x'.repeat(1_048_576)}`, /longer than a configuration file may be/],
  ])('[CONF-5] %s with %s is refused', (name, text, words) => expect(fault({ SHOAL_CONFIG: file(name, text) })).toMatch(words));
});

describe('faults', () => {
  test.each([
    ['sawrm = "x"', /a\.toml: sawrm: there is no setting sawrm; did you mean swarm\?$/],
    ['[server]\nprot = 1', /a\.toml: server\.prot: there is no setting server\.prot; did you mean server\.port\?$/],
    ['port = 1', /there is no setting port; did you mean server\.port\?$/],
    ['[server.limits]\nsocketMax = 1', /there is no setting server\.limits\.socketMax; did you mean server\.limits\.socketsMax\?$/],
    ['zzzzzz = 1', /a\.toml: zzzzzz: there is no setting zzzzzz$/],
    ['__proto__ = 1', /there is no setting __proto__$/],
    ['[__proto__]\na = 1', /there is no setting __proto__$/],
    ['server = 1', /a\.toml: server wants settings of its own below it: server\.port, /],
    ['capacity = "lots"', /a\.toml: capacity wants a size in bytes such as 10GB/],
    ['[server]\nport = "x"', /a\.toml: server\.port wants a whole number from 0 to 65535$/],
    ['[server.limits]\nsocketsMax = 0', /a\.toml: server\.limits\.socketsMax wants limits .*\(wrong at socketsMax\)$/],
    ['[server]\ntlsCert = "x"', /go together$/],
    ['swarm = "a b"', /a\.toml: swarm wants 1 to 64 letters/],
    ['sawrm = "x"\n[server]\nprot = 1', /\(and 1 more: `shoal config check` lists them\)$/],
  ])('[CONF-3] a file with %j', (text, words) => expect(fault({ SHOAL_CONFIG: file('a.toml', text) })).toMatch(words));

  test.each([
    [{ SHOAL_PORT: 'x' }, {}, /^SHOAL_PORT wants a whole number/],
    [{ SHOAL_DOMAIN_SECRET: 'short' }, {}, /^SHOAL_DOMAIN_SECRET wants 16 or more characters$/],
    [{}, { port: '65536' }, /^--port wants/],
    [{}, { port: '80a' }, /^--port wants/],
    [{}, { port: '-1' }, /^--port wants/],
    [{}, { host: '' }, /^--host wants/],
    [{}, { peers: '65' }, /^--peers wants a whole number from 0 to 64/],
    [{}, { 'ice-servers': '[{"urls":"http://x"}]' }, /^--ice-servers wants/],
    [{}, { 'ice-servers': 'x' }, /^--ice-servers wants/],
    [{}, { limits: '{"socketsMax":0}' }, /^--limits wants .*socketsMax/],
    [{}, { limits: '{"unheardOf":1}' }, /^--limits: there is no setting server\.limits\.unheardOf$/],
    [{}, { limits: '7' }, /^--limits wants/],
    [{}, { 'bandwidth-up': '0' }, /^--bandwidth-up wants a rate/],
    [{}, { signaling: 'ftp://x' }, /^--signaling wants an address/],
    [{}, { 'log-level': 'loud' }, /^--log-level wants debug/],
    [{}, { 'tls-cert': 'x' }, /^--tls-cert and --tls-key/],
  ])('[CONF-3] %j with %j is one sentence that names it', (env, flags, words) => {
    const message = fault(env as Record<string, string>, flags as Record<string, string>);
    expect(message).toMatch(words);
    expect(message).not.toMatch(/\n|short/);
  });
});
