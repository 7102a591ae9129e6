import { Command } from 'commander';
import { errorCode, ShoalError } from '../../src/core/errors.ts';
import type { FileView } from '../../src/peer/snapshot.ts';
import { linkOf, type LocalFile, type PeerAccess, sentenceOf } from '../access/access.ts';
import { accessSettings, openAccess } from '../access/open-access.ts';
import { knownFiles, meantOf, type NamedFile, ownFileHelp, readOwnFile } from '../access/own-file.ts';
import { ownFilesAtRest } from '../access/own-files-at-rest.ts';
import { withSettings } from '../config/options.ts';
import type { Context } from '../context.ts';
import { endingOf } from '../exit-codes.ts';
import { withExamples } from '../help.ts';
import type { Io } from '../io.ts';
import { waitOption, wholeNumber } from '../option-values.ts';
import { progressOn } from '../progress.ts';
import { printable } from '../table.ts';
import { putFile } from '../transfers/put-file.ts';
import { filesToPut, type FilesToPut } from '../transfers/files-to-put.ts';

/** Files on their way at once; the peer queues further ones anyway. */
const putsMax = 4;

interface Options {
  readonly name?: string;
  readonly media?: string;
  readonly k?: number;
  readonly m?: number;
  readonly replace?: string;
  readonly wait: number;
  readonly json?: boolean;
}

export function putCommand(context: Context): Command {
  const { io } = context;
  const command = new Command('put')
    .description('Stores files and prints their links: one line each, with a tab and the name where there are several.')
    .argument('<PATH...>', 'file, folder (each file in it by itself), or - for standard input')
    .option('--name <NAME>', 'what the file is called where it is opened')
    .option('--media <TYPE>', 'its media type, such as video/mp4; by the name when absent')
    .option('--k <K>', 'data shards; chosen by the number of peers when absent', wholeNumber)
    .option('--m <M>', 'parity shards; needs --k', wholeNumber)
    .option('--replace <LINK|NAME>', `a new version of an own file, under the same link: ${ownFileHelp}`)
    .addOption(waitOption())
    .option('--json', 'one line of JSON (shoal.put/1)');
  withExamples(command, [
    ['shoal put film.mp4', 'store it, print its link'],
    ['tar c photos | shoal put - --name photos.tar', 'what another program writes'],
    ['shoal put photos/', 'every file of a folder, a link each'],
    ['shoal put film.mp4 --k 4 --m 4', 'any 4 of 8 shards restore it'],
    ['shoal put cut2.mp4 --replace film.mp4', 'its link opens this one from now on'],
  ]);
  withSettings(command, accessSettings);
  return command.action(async (paths: string[], options: Options) => {
    const replaced = await replacedBy(io, paths, options);
    const files = await filesToPut(io, paths, { ...options, ...profileOf(options) });
    try {
      if (replaced !== undefined && files.files.length > 1) throw new ShoalError('bad-input', '--replace takes one file');
      await put(context, command, files, options, replaced);
    } finally {
      await files.forget();
    }
  });
}

function profileOf({ k, m }: Options): Pick<LocalFile, 'profile'> {
  if ((k === undefined) !== (m === undefined)) throw new ShoalError('bad-input', '--k and --m go together');
  return k === undefined || m === undefined ? {} : { profile: { k, m } };
}

/** The own file that `--replace` names. */
async function replacedBy(io: Io, paths: readonly string[], { replace }: Options): Promise<NamedFile | undefined> {
  if (replace === '-' && paths.includes('-'))
    throw new ShoalError('bad-input', 'standard input is the file or the link that it replaces, not both');
  return replace === undefined ? undefined : readOwnFile(io, replace);
}

/** The files as they are stored: as the next version of an own file, where `replaced` names one. */
async function asVersions(
  access: PeerAccess,
  files: readonly LocalFile[],
  replaced: NamedFile | undefined,
  signal: AbortSignal,
): Promise<readonly LocalFile[]> {
  if (replaced === undefined) return files;
  const { id, name, state } = meantOf((await access.snapshot()).files, replaced, 'replace');
  if (state !== 'stored') throw new ShoalError('not-found', `${printable(name)} is not stored: there is nothing to replace.`);
  await knownFiles(access, [id], signal);
  return files.map((file) => ({ ...file, replaces: id }));
}

async function put(
  context: Context,
  command: Command,
  { files }: FilesToPut,
  options: Options,
  replaced: NamedFile | undefined,
): Promise<void> {
  const { io } = context;
  const { home } = context.effective(command).config;
  const own = async (): Promise<readonly string[]> =>
    replaced === undefined ? [] : [meantOf(await ownFilesAtRest(home), replaced, 'replace').id];
  const access = await openAccess(context, command, replaced?.link, own);
  try {
    await putAll(io, access, await asVersions(access, files, replaced, io.signal), options);
  } finally {
    await access.close();
  }
}

async function putAll(io: Io, access: PeerAccess, files: readonly LocalFile[], { wait, json }: Options): Promise<void> {
  const progress = progressOn(io);
  const views = new Map<LocalFile, FileView>();
  const tell = (file: LocalFile, view: FileView): void => {
    views.set(file, view);
    showAll(progress, files, views);
  };
  try {
    const waiting = [...files];
    const failures: unknown[] = [];
    const one = async (file: LocalFile): Promise<void> => {
      const stored = await putFile(access, file, { waitMs: wait, told: (view) => tell(file, view), signal: io.signal });
      const link = linkOf(access, stored.capability);
      progress.end();
      const which = stored.version > 1 ? `, version ${stored.version}` : '';
      io.say(`${printable(file.name)}${which}: ${stored.sentence}`);
      if (!json) await io.print(files.length === 1 ? link : `${link}\t${printable(file.name)}`);
    };
    const some = async (): Promise<void> => {
      for (let file = waiting.shift(); file !== undefined; file = waiting.shift()) {
        try {
          await one(file);
        } catch (error) {
          failures.push(files.length > 1 && isOfFile(error) ? named(file, error) : error);
          if (!isOfFile(error)) return;
        }
      }
    };
    await Promise.all(Array.from({ length: putsMax }, some));
    if (json) await io.json('put', { files: files.flatMap((file) => storedJson(access, file, views.get(file))) });
    if (failures.length > 0) throw told(io, failures, files.length, waiting.length);
  } finally {
    progress.end();
  }
}

/** What is wrong with one file is not with the next. */
const isOfFile = (error: unknown): boolean => ['bad-input', 'not-found', 'too-large', 'integrity'].includes(errorCode(error));

const named = (file: LocalFile, error: unknown): ShoalError =>
  new ShoalError(errorCode(error), `${printable(file.name)}: ${endingOf(error).message}`);

/** The first failure, which the command ends with, after words on all others and on how much was not stored. */
function told(io: Io, [first, ...others]: readonly unknown[], all: number, untried: number): unknown {
  for (const error of others) io.say(`shoal: ${endingOf(error).message}`);
  if (all > 1) io.say(`${1 + others.length + untried} of ${all} files were not stored.`);
  return first;
}

function storedJson(access: PeerAccess, file: LocalFile, view: FileView | undefined): Readonly<Record<string, unknown>>[] {
  if (view === undefined || view.replacing !== undefined || view.state !== 'stored') return [];
  const { capability, id, size, version, k, m, health, margin, leaseMs } = view;
  return [{ name: file.name, size, link: linkOf(access, capability), id, version, k, m, health, margin, leaseMs }];
}

function showAll(progress: ReturnType<typeof progressOn>, files: readonly LocalFile[], views: ReadonlyMap<LocalFile, FileView>): void {
  const seen = [...views.values()].map((view) => view.replacing ?? view);
  const done = seen.filter(({ state }) => state === 'stored').length;
  const current = seen.findLast(({ state }) => state !== 'stored') ?? seen[0];
  if (current === undefined) return;
  const name = printable(current.name);
  const words = files.length === 1 ? name : `${done} of ${files.length} stored, ${name}`;
  const placed = current.bytesStored >= current.bytesTotal;
  if (current.state === 'spreading' && placed) progress.show(`${words}: every shard is placed, its record follows`);
  else if (current.state === 'spreading') progress.show(words, current.bytesStored, current.bytesTotal);
  else progress.show(`${words}: ${sentenceOf(current)}`);
}
