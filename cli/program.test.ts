import { PassThrough } from 'node:stream';
import type { Command } from 'commander';
import { beforeAll, describe, expect, test } from 'vitest';
import { completionScript, shells } from './completion/scripts.ts';
import { wordsOf } from './completion/words.ts';
import type { Context } from './context.ts';
import { createIo } from './io.ts';
import { buildProgram } from './program.ts';

/** A program whose output nobody reads. */
function context(): Context {
  const [stdin, stdout, stderr] = [new PassThrough(), new PassThrough(), new PassThrough()];
  const io = createIo({ env: {}, stdin, stdout, stderr, signal: new AbortController().signal, noColor: false });
  const effective = (): never => {
    throw new Error('nothing is run');
  };
  return { io, version: '1.2.3', pageFolder: '/nowhere', mainFile: '/nowhere/main.js', effective };
}

let program: Command;
let all: Command[];

beforeAll(async () => {
  program = await buildProgram(context(), []);
  const below = (command: Command): Command[] => command.commands.flatMap((child) => [child, ...below(child)]);
  all = below(program);
});

describe('every command', () => {
  test('[CLI-8] has help that opens with examples and says what it does', () => {
    expect(all.length).toBeGreaterThan(15);
    for (const command of all) {
      const help = command.helpInformation();
      expect(help, command.name()).toMatch(/^Examples:\n {2}\S/);
      expect(help, command.name()).toContain(command.description().split(' ')[0]);
      expect(command.description(), command.name()).toMatch(/\.$/);
    }
  });

  test('[CLI-8] fits into 80 columns', () => {
    for (const command of [program, ...all]) {
      expect(
        command
          .helpInformation()
          .split('\n')
          .filter((line) => line.length > 80),
      ).toEqual([]);
    }
  });

  test('[CLI-1] takes no secret as a flag', () => {
    const flags = all.flatMap((command) => command.options.map(({ long }) => long ?? ''));
    expect(flags.filter((flag) => /secret|password|key$|token|capability/.test(flag))).toEqual(['--tls-key', '--tls-key']);
  });

  test.each(shells)('[CLI-14] is in the completion of %s, with its options', (shell) => {
    const script = completionScript(shell, wordsOf(program));
    for (const command of all) {
      expect(script).toContain(command.name());
      for (const { long } of command.options) expect(script).toContain(long!.slice(2));
    }
  });
});

test('only what is asked for is loaded; the others are known by name', async () => {
  const loaded = async (...args: string[]): Promise<string[]> =>
    (await buildProgram(context(), args)).commands.filter((command) => command.description() !== '').map((command) => command.name());
  expect(await loaded('config', 'print')).toEqual(['config']);
  expect(await loaded('--config', 'serve', 'config')).toEqual(['config']);
  expect(await loaded('--version')).toEqual([]);
  expect(await loaded('srve')).toEqual([]);
  expect(await loaded('--help')).toHaveLength(program.commands.length);
  expect(await loaded('completion', 'bash')).toHaveLength(program.commands.length);
});
