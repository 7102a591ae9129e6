import { Command } from 'commander';
import { ShoalError } from '../../src/core/errors.ts';
import { formatDay } from '../../src/figures/format.ts';
import type { FileView } from '../../src/peer/snapshot.ts';
import { linkOf } from '../access/access.ts';
import { accessSettings, openAccess } from '../access/open-access.ts';
import { knownFiles, meantOf, type NamedFile, orInterrupted, ownFileHelp, readOwnFile } from '../access/own-file.ts';
import { ownFilesAtRest } from '../access/own-files-at-rest.ts';
import { withSettings } from '../config/options.ts';
import type { Context } from '../context.ts';
import { withExamples } from '../help.ts';
import { printable } from '../table.ts';

export function renewCommand(context: Context): Command {
  const command = new Command('renew')
    .description(
      'Has the files stored from this home kept for another 30 days, counted from now. A running peer of the home does it by itself when half of that is gone.',
    )
    .argument('[LINK|NAME]', `one file alone: ${ownFileHelp}`)
    .option('--json', 'one line of JSON (shoal.renew/1)');
  withExamples(command, [
    ['shoal renew', 'every file of this home'],
    ['shoal renew film.mp4', 'one of them'],
  ]);
  withSettings(command, accessSettings);
  return command.action(async (argument: string | undefined, { json }: { json?: boolean }) => {
    const { io } = context;
    const named = argument === undefined ? undefined : await readOwnFile(io, argument);
    const { home } = context.effective(command).config;
    const own = async (): Promise<readonly string[]> => {
      const files = await ownFilesAtRest(home);
      return named === undefined ? files.flatMap(({ id, stored }) => (stored ? id : [])) : [meantOf(files, named, 'renew').id];
    };
    const access = await openAccess(context, command, named?.link, own);
    try {
      const wanted = storedOf((await access.snapshot()).files, named);
      const ids = wanted.map(({ id }) => id);
      await knownFiles(access, ids, io.signal);
      const { renewed } = ids.length === 0 ? { renewed: 0 } : await orInterrupted(io.signal, access.renew(named && ids[0]), 'Interrupted.');
      const files = (await access.snapshot()).files.filter(({ id }) => ids.includes(id));
      if (json) await io.json('renew', { renewed, files: files.map((file) => renewedJson(file, linkOf(access, file.capability))) });
      if (files.length === 0) return io.say('Nothing was stored from this home yet: `shoal put FILE` does.');
      if (renewed < ids.length)
        throw new ShoalError(
          'not-enough-peers',
          `Renewed ${renewed} of ${ids.length} files: of the others no holder confirmed it. Try again when more are online.`,
        );
      io.say(endWords(files));
    } finally {
      await access.close();
    }
  });
}

function storedOf(files: readonly FileView[], named: NamedFile | undefined): readonly FileView[] {
  if (named === undefined) return files.filter(({ state }) => state === 'stored');
  const file = meantOf(files, named, 'renew');
  if (file.state !== 'stored') throw new ShoalError('not-found', `${printable(file.name)} is not stored: there is nothing to renew.`);
  return [file];
}

const renewedJson = ({ id, name, leaseMs }: FileView, link: string) => ({ id, name, leaseMs, link });

function endWords(files: readonly FileView[]): string {
  const until = formatDay(Math.min(...files.map(({ leaseMs }) => leaseMs)));
  const [only] = files;
  return files.length === 1 ? `${printable(only!.name)}: kept until ${until}.` : `${files.length} files: kept until ${until}.`;
}
