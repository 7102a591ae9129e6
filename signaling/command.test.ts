import { describe, expect, test } from 'vitest';
import { readCommand } from './command.ts';
import { configSchema } from './config.ts';

describe('what can be set', () => {
  test('[CMD-1] without anything there are defaults: this machine only, port 8080', () => {
    expect(readCommand([], {})).toMatchObject({
      kind: 'serve',
      config: { host: 'localhost', port: 8080, iceServers: [], proxies: 0, logLevel: 'info' },
    });
  });

  test('[CMD-1] a flag counts before the environment, that before the default', () => {
    const env = { SHOAL_PORT: '7000', SHOAL_HOST: '0.0.0.0', SHOAL_LOG_LEVEL: '' };
    expect(readCommand(['--port', '9000'], env)).toMatchObject({ config: { port: 9000, host: '0.0.0.0', logLevel: 'info' } });
  });

  test('[CMD-1] at most 16 ICE servers of at most 8 addresses are taken', () => {
    const servers = (count: number, urls: number) =>
      configSchema.safeParse({ iceServers: Array.from({ length: count }, () => ({ urls: Array.from({ length: urls }, () => 'stun:a') })) })
        .success;
    expect([servers(16, 8), servers(17, 1), servers(1, 9), servers(1, 0)]).toEqual([true, false, false, false]);
  });

  test('[CMD-1] limits are changed one by one', () => {
    const command = readCommand(['--limits', '{"socketsMax":7,"socket":{"knock":{"perSecond":1,"burst":2}}}'], {});
    expect(command).toMatchObject({
      config: { limits: { socketsMax: 7, swarmPeersMax: 1_000, socket: { knock: { perSecond: 1, burst: 2 } } } },
    });
  });

  test.each([
    [['--nope'], {}, '--nope'],
    [['extra'], {}, 'extra'],
    [['--port'], {}, '--port'],
    [['--port', '65536'], {}, '--port'],
    [['--port', '80a'], {}, '--port'],
    [['--port', '-1'], {}, '--port'],
    [['--host', ''], {}, '--host'],
    [[], { SHOAL_PORT: 'x' }, 'SHOAL_PORT'],
    [[], { SHOAL_DOMAIN_SECRET: 'short' }, 'SHOAL_DOMAIN_SECRET'],
    [['--tls-cert', 'x'], {}, '--tls-key'],
    [['--ice-servers', '[{"urls":"http://x"}]'], {}, '--ice-servers'],
    [['--ice-servers', 'x'], {}, '--ice-servers'],
    [['--limits', '{"socketsMax":0}'], {}, 'socketsMax'],
    [['--limits', '{"unheardOf":1}'], {}, 'there is no unheardOf'],
    [['--log-level', 'loud'], {}, '--log-level'],
  ])('[CMD-2] %j with %j is one line that names %s', (args, env, name) => {
    const command = readCommand(args, env);
    expect(command.kind).toBe('usage');
    const { message } = command as { message: string };
    expect(message).toContain(name);
    expect(message).not.toContain('\n');
    expect(message).not.toContain('short');
  });

  test('[CMD-3] --help lists every flag and variable', () => {
    const { text } = readCommand(['--help'], {}) as { text: string };
    for (const name of ['--port', '--host', '--tls-cert', '--tls-key', '--ice-servers', '--proxies', '--limits', 'SHOAL_DOMAIN_SECRET'])
      expect(text).toContain(name);
  });
});
