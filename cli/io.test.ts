import { PassThrough, Readable } from 'node:stream';
import { expect, test } from 'vitest';
import { errorCode } from '../src/core/errors.ts';
import { createIo, type Io, stdinLineCharsMax, wantsColor } from './io.ts';

function ioOf(stdin: Readable): { io: Io; out: PassThrough; err: PassThrough } {
  const [out, err] = [new PassThrough(), new PassThrough()];
  return { io: createIo({ env: {}, stdin, stdout: out, stderr: err, signal: new AbortController().signal, noColor: false }), out, err };
}

test('[CLI-1] a line comes from standard input without its end, whatever follows', async () => {
  expect(await ioOf(Readable.from([Buffer.from('R.a'), Buffer.from('bc\r\nmore')])).io.readLine()).toBe('R.abc');
  expect(await ioOf(Readable.from([Buffer.from('R.abc')])).io.readLine()).toBe('R.abc');
});

test('[CLI-1] no line, and one that is too long, are refused', async () => {
  const refused = (text: string): Promise<unknown> =>
    ioOf(Readable.from([Buffer.from(text)]))
      .io.readLine()
      .then(String, errorCode);
  expect(await refused('')).toBe('bad-input');
  expect(await refused('\nR.abc')).toBe('bad-input');
  expect(await refused('x'.repeat(stdinLineCharsMax + 1))).toBe('bad-input');
  expect(await refused(`${'x'.repeat(stdinLineCharsMax)}\n`)).toHaveLength(stdinLineCharsMax);
});

test('[CLI-1, CLI-4] data goes to standard output, JSON as one line that says what it is; words go to standard error', async () => {
  const { io, out, err } = ioOf(Readable.from([]));
  await io.json('peers', { peers: ['a\nb'] });
  io.say('One peer.');
  expect(String(out.read())).toBe('{"schema":"shoal.peers/1","peers":["a\\nb"]}\n');
  expect(String(err.read())).toBe('One peer.\n');
});

test('[CLI-5] colors are for terminals that can show them and people who want them', () => {
  expect(wantsColor(true, { TERM: 'xterm' }, false)).toBe(true);
  expect(wantsColor(true, { NO_COLOR: '' }, false)).toBe(true);
  expect(wantsColor(false, {}, false)).toBe(false);
  expect(wantsColor(true, {}, true)).toBe(false);
  expect(wantsColor(true, { NO_COLOR: '1' }, false)).toBe(false);
  expect(wantsColor(true, { TERM: 'dumb' }, false)).toBe(false);
});
