import { Command } from 'commander';
import { toHex } from '../../src/core/bytes/text.ts';
import { type Capability, parseCapability } from '../../src/core/crypto/capability.ts';
import { errorCode, ShoalError } from '../../src/core/errors.ts';
import type { Sink } from '../../src/peer/ports.ts';
import { nodeCrypto } from '../../src/platform/node/crypto.ts';
import { fileSink, requireFree, writableSink } from '../../src/platform/node/sinks.ts';
import type { Context } from '../context.ts';
import { withExamples } from '../help.ts';
import type { Io } from '../io.ts';
import { type Decoded, decodeFolder } from '../offline/decode.ts';
import { readSmall } from '../offline/read-small.ts';
import { listed, type Survey } from '../offline/survey.ts';
import { progressOn } from '../progress.ts';

/** A capability file may be so long: the capability, a newline, and room for later kinds. */
const capabilityFileBytesMax = 1_024;

interface Options {
  readonly cap: string;
  readonly out: string;
  readonly force?: boolean;
  readonly json?: boolean;
}

export function decodeCommand({ io }: Context): Command {
  const command = new Command('decode')
    .description(
      'Restores the file from a folder that `shoal encode` made, as long as any k shards of each segment are sound. Names those that are not.',
    )
    .argument('<DIR>', 'the folder')
    .requiredOption('--cap <CAPFILE>', 'file with its W or R capability; - reads it from standard input')
    .requiredOption('--out <FILE>', 'the file to write; - is standard output')
    .option('--force', 'replace FILE if it is there')
    .option('--json', 'one line of JSON (shoal.decode/1)');
  withExamples(command, [
    ['shoal decode film.shards --cap film.cap --out film.mp4', 'restore the file'],
    ['shoal decode film.shards --cap film.cap --out - | mpv -', 'hand it to another program'],
  ]);
  return command.action(async (folder: string, options: Options) => {
    const sink = await sinkOf(io, options);
    const capability = await readCapability(io, options.cap);
    const progress = progressOn(io);
    const told = (pass: 'checking' | 'writing', done: number, all: number): void =>
      pass === 'checking' ? progress.show(`checking shard ${done} of ${all}`) : progress.show('writing', done, all);
    let found: Survey | undefined;
    const surveyed = (survey: Survey): void => {
      progress.end();
      found = survey;
      if (survey.damaged.length > 0) io.say(`damaged: ${listed(survey.damaged)}`);
      if (survey.missing.length > 0) io.say(`missing: ${listed(survey.missing)}`);
    };
    try {
      const decoded = await decodeFolder(folder, capability, sink, { crypto: nodeCrypto(), signal: io.signal, progress: told, surveyed });
      progress.end();
      if (options.out !== '-') io.say(`${options.out}: ${decoded.header.size} bytes, restored.`);
      if (options.json) await io.json('decode', resultOf(options, decoded, found));
    } finally {
      progress.end();
    }
  });
}

/** Where the file goes. What cannot be written is refused before anything is read. */
async function sinkOf(io: Io, { out, force: overwrite = false, json }: Options): Promise<Sink> {
  if (out !== '-') {
    await requireFree(out, { overwrite });
    return fileSink(out, { overwrite });
  }
  if (json) throw new ShoalError('bad-input', '--json and --out - both want standard output: name a file');
  return writableSink(io.stdout);
}

async function readCapability(io: Io, path: string): Promise<Capability> {
  const text =
    path === '-' ? await io.readLine() : textOf(await readSmall(path, capabilityFileBytesMax, 'the capability file is not there'));
  try {
    return parseCapability(text);
  } catch (error) {
    if (errorCode(error) !== 'bad-input') throw error;
    throw new ShoalError('bad-input', `${path}: this is not a capability. One line is expected, which begins with W. or R.`);
  }
}

/** What is no ASCII is no capability either. */
const textOf = (bytes: Uint8Array): string =>
  Buffer.from(bytes)
    .toString('latin1')
    .replace(/\r?\n$/, '');

function resultOf({ out }: Options, { descriptor, header }: Decoded, found: Survey | undefined): Readonly<Record<string, unknown>> {
  const { version, k, m } = descriptor;
  return { out, ...header, version, k, m, contentRoot: toHex(descriptor.contentRoot), damaged: found?.damaged, missing: found?.missing };
}
