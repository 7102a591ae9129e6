import { basename } from 'node:path';
import { Command, Option } from 'commander';
import mime from 'mime';
import { toHex } from '../../src/core/bytes/text.ts';
import type { Descriptor } from '../../src/core/object/descriptor.ts';
import { nodeCrypto, nodeRandom } from '../../src/platform/node/crypto.ts';
import { type NodeFile, nodeFile } from '../../src/platform/node/node-file.ts';
import type { Context } from '../context.ts';
import { withExamples } from '../help.ts';
import { encodeFile, type EncodeJob } from '../offline/encode.ts';
import { geometryOf } from '../offline/folder.ts';
import { wholeNumber } from '../option-values.ts';
import { progressOn } from '../progress.ts';

const kUsual = 4;
const mUsual = 2;
/** Of the first lease: what a swarm would be asked for, were the object brought to one. */
const leaseMs = 30 * 24 * 3_600_000;

interface Options {
  readonly out: string;
  readonly cap: string;
  readonly k?: number;
  readonly m?: number;
  readonly dataShards?: number;
  readonly parityShards?: number;
  readonly name?: string;
  readonly media?: string;
  readonly json?: boolean;
}

export function encodeCommand({ io }: Context): Command {
  const command = new Command('encode')
    .description('Encrypts a file into a folder of shards, any k of which restore it. Needs no network and no peer.')
    .argument('<FILE>', 'the file to encode')
    .requiredOption('--out <DIR>', 'folder to make; one that is there must be empty')
    .requiredOption('--cap <CAPFILE>', 'file to make for the capability: a secret, to be kept apart from the folder')
    .option('--k <K>', `data shards (${kUsual} when absent)`, wholeNumber)
    .option('--m <M>', `parity shards (${mUsual} when absent)`, wholeNumber)
    .addOption(new Option('--data-shards <K>', 'another name of --k').argParser(wholeNumber).conflicts('k'))
    .addOption(new Option('--parity-shards <M>', 'another name of --m').argParser(wholeNumber).conflicts('m'))
    .option('--name <NAME>', 'what the file is called where it is opened')
    .option('--media <TYPE>', 'its media type, such as video/mp4; by the name when absent')
    .option('--json', 'one line of JSON (shoal.encode/1)');
  withExamples(command, [
    ['shoal encode film.mp4 --out film.shards --cap film.cap', 'any 4 of 6 shards restore it'],
    ['shoal encode film.mp4 --out film.shards --cap film.cap --k 10 --m 5', 'any 10 of 15'],
  ]);
  return command.action(async (path: string, options: Options) => {
    const file = await nodeFile(path);
    const progress = progressOn(io);
    const job = jobOf(file, options);
    const told = (pass: 'sealing' | 'writing', bytes: number): void => progress.show(`${job.header.name}: ${pass}`, bytes, file.size);
    try {
      const descriptor = await encodeFile(job, { crypto: nodeCrypto(), signal: io.signal, progress: told });
      progress.end();
      io.say(wordsOf(descriptor, options));
      if (options.json) await io.json('encode', resultOf(job, descriptor));
    } finally {
      progress.end();
    }
  });
}

function jobOf(file: NodeFile, { out, cap, k, m, dataShards, parityShards, name = basename(file.path), media }: Options): EncodeJob {
  const random = nodeRandom();
  const parity = m ?? parityShards ?? mUsual;
  const nowMs = Date.now();
  return {
    file,
    folder: out,
    capabilityFile: cap,
    header: { name, media: media ?? mime.getType(name) ?? 'application/octet-stream', mtime: file.mtimeMs },
    writeSeed: random.bytes(32),
    salt: random.bytes(24),
    k: k ?? dataShards ?? kUsual,
    m: parity,
    terms: { version: 1, createdMs: nowMs, leaseMs: nowMs + leaseMs, class: 0, policy: { anchorsMin: 0, domainMax: Math.max(1, parity) } },
  };
}

function wordsOf(descriptor: Descriptor, { out, cap }: Options): string {
  const { n, k, segments } = geometryOf(descriptor);
  const all = segments === 1 ? `${n} shards` : `${segments} segments of ${n} shards`;
  return `${out}: ${all}${segments === 1 ? '' : ' each'}, any ${k} of which restore ${segments === 1 ? 'it' : 'a segment'}. Who has ${cap} can read the file: keep it apart.`;
}

function resultOf({ folder, capabilityFile, file, header }: EncodeJob, descriptor: Descriptor): Readonly<Record<string, unknown>> {
  const { k, m, segments } = geometryOf(descriptor);
  const { version, ciphertextLength } = descriptor;
  const contentRoot = toHex(descriptor.contentRoot);
  return { folder, capabilityFile, ...header, size: file.size, ciphertextLength, version, k, m, segments, contentRoot };
}
