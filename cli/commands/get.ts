import { resolve } from 'node:path';
import { Command } from 'commander';
import { formatBytes } from '../../src/figures/format.ts';
import type { Sink } from '../../src/peer/ports.ts';
import { fileSink, requireFree, writableSink } from '../../src/platform/node/sinks.ts';
import { visibleName } from '../../src/platform/save-name.ts';
import { linkHelp, readLink } from '../access/link-argument.ts';
import { accessSettings, openAccess } from '../access/open-access.ts';
import { withSettings } from '../config/options.ts';
import type { Context } from '../context.ts';
import { withExamples } from '../help.ts';
import { byteRange, waitOption } from '../option-values.ts';
import { progressOn } from '../progress.ts';
import { printable } from '../table.ts';
import { getFile, type WantedPart } from '../transfers/get-file.ts';

interface Options {
  readonly out?: string;
  readonly range?: WantedPart;
  readonly force?: boolean;
  readonly wait: number;
  readonly json?: boolean;
}

export function getCommand(context: Context): Command {
  const command = new Command('get')
    .description('Fetches the file of a link, every byte verified. What is interrupted leaves nothing behind.')
    .argument('<LINK>', linkHelp)
    .option('-o, --out <FILE>', 'where to; - is standard output; the name that the sender gave, in this folder, when absent')
    .option('--range <FIRST-LAST>', 'only these bytes, the first is 0: 0-499, or 500- for all from there', byteRange)
    .option('-f, --force', 'replace a file that is there')
    .addOption(waitOption())
    .option('--json', 'one line of JSON (shoal.get/1); not with --out -');
  withExamples(command, [
    ['shoal get https://shoal.example.org/#/r/R.…', 'into this folder, under its own name'],
    ['shoal get LINK -o - | tar x', 'to another program'],
    ['shoal get - -o film.mp4 < link.txt', 'without showing the link to other users of this machine'],
    ['shoal get LINK --range 0-999999 -o head.bin', 'the first million bytes'],
  ]);
  withSettings(command, accessSettings);
  return command.action(async (argument: string, options: Options) => {
    const link = await readLink(context.io, argument);
    // What stands in the way is said before anything is fetched.
    if (options.out !== undefined && options.out !== '-') await requireFree(resolve(options.out), { overwrite: options.force === true });
    const access = await openAccess(context, command, link.text);
    try {
      await get(context, access, link.capability, options);
    } finally {
      await access.close();
    }
  });
}

async function get({ io }: Context, access: Awaited<ReturnType<typeof openAccess>>, capability: string, options: Options): Promise<void> {
  const { out, range, force = false, wait, json } = options;
  const toStdout = out === '-';
  let path = '';
  const sinkFor = async ({ name }: { readonly name: string }): Promise<Sink> => {
    if (toStdout) return writableSink(io.stdout);
    path = resolve(out ?? visibleName(name));
    return fileSink(path, { overwrite: force });
  };
  const progress = progressOn(io);
  try {
    const done = await getFile(access, capability, {
      ...(range === undefined ? {} : { part: range }),
      waitMs: wait,
      sinkFor,
      told: ({ state, name, bytesDone, bytesWanted, sentence }) => {
        if (state === 'downloading') progress.show(printable(name ?? ''), bytesDone, bytesWanted);
        else progress.show(sentence);
      },
      signal: io.signal,
    });
    progress.end();
    const { name = '', size = 0, media = '', version, bytesDone } = done;
    const which = version > 1 ? `, version ${version}` : '';
    io.say(`${printable(name)}${which}: ${formatBytes(bytesDone)} verified${toStdout ? '' : `, in ${path}`}.`);
    if (json && !toStdout) await io.json('get', { name, size, media, version, bytes: bytesDone, file: path });
    else if (!toStdout) await io.print(path);
  } finally {
    progress.end();
  }
}
