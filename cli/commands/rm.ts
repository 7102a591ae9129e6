import { Command } from 'commander';
import { ShoalError } from '../../src/core/errors.ts';
import { shortId } from '../../src/figures/format.ts';
import type { FileView, HolderView } from '../../src/peer/snapshot.ts';
import type { PeerAccess } from '../access/access.ts';
import { accessSettings, openAccess } from '../access/open-access.ts';
import { knownFiles, meantOf, orInterrupted, ownFileHelp, readOwnFile } from '../access/own-file.ts';
import { ownFilesAtRest } from '../access/own-files-at-rest.ts';
import { withSettings } from '../config/options.ts';
import type { Context } from '../context.ts';
import { withExamples } from '../help.ts';
import { progressOn } from '../progress.ts';
import { printable } from '../table.ts';

const goesOn = 'A running peer of this home goes on with it (`shoal peer`).';

export function rmCommand(context: Context): Command {
  const command = new Command('rm')
    .description(
      'Deletes a file stored from this home, for everyone and for good: its holders free the bytes, and its link opens nothing any more.',
    )
    .argument('<LINK|NAME>', ownFileHelp)
    .option('--json', 'one line of JSON (shoal.rm/1)');
  withExamples(command, [
    ['shoal rm film.mp4', 'the file of this name, if there is but one'],
    ['shoal rm LINK', 'the file behind a link'],
    ['shoal rm - < link', 'where no other user of this machine can see it'],
  ]);
  withSettings(command, accessSettings);
  return command.action(async (argument: string, { json }: { json?: boolean }) => {
    const { io } = context;
    const named = await readOwnFile(io, argument);
    const { home } = context.effective(command).config;
    const access = await openAccess(context, command, named.link, async () => [meantOf(await ownFilesAtRest(home), named, 'delete').id]);
    const progress = progressOn(io);
    try {
      const { id, name } = meantOf((await access.snapshot()).files, named, 'delete');
      progress.show(`${printable(name)}: looking for its holders`);
      const [file] = await knownFiles(access, [id], io.signal);
      const { told, away } = holdersOf(file);
      progress.show(`${printable(name)}: ${told.length} holders are told`);
      await orInterrupted(io.signal, removed(access, id), `Interrupted; what was begun stays. ${goesOn}`);
      progress.end();
      if (json) await io.json('rm', { id, name, holders: told.map(({ node }) => node), away: away.map(({ node }) => node) });
      for (const line of endWords(name, told, away)) io.say(line);
    } finally {
      progress.end();
      await access.close();
    }
  });
}

/** Deletes it; where somebody did not confirm, says who goes on with that. */
async function removed(access: PeerAccess, id: string): Promise<void> {
  try {
    await access.remove(id);
  } catch (error) {
    if (access.running || !(error instanceof ShoalError)) throw error;
    throw new ShoalError(error.code, `${error.message} ${goesOn}`);
  }
}

function holdersOf(file: FileView | undefined): { readonly told: readonly HolderView[]; readonly away: readonly HolderView[] } {
  const holders = file?.holders ?? [];
  const isHere = ({ state }: HolderView): boolean => state === 'live';
  return { told: holders.filter(isHere), away: holders.filter((holder) => !isHere(holder)) };
}

function endWords(name: string, told: readonly HolderView[], away: readonly HolderView[]): string[] {
  const freed =
    told.length === 0 ? 'none of its holders is online' : `freed by ${told.length === 1 ? 'its holder' : `${told.length} holders`}`;
  const words = `${printable(name)}: deleted, ${freed}.`;
  if (away.length === 0) return [words];
  return [words, `Away, and told when they are back: ${away.map(({ node }) => shortId(node)).join(', ')}.`];
}
