import { Command } from 'commander';
import { formatBytes, formatDay } from '../../src/figures/format.ts';
import type { FileView } from '../../src/peer/snapshot.ts';
import { linkOf, sentenceOf } from '../access/access.ts';
import { ownFilesAtRest } from '../access/own-files-at-rest.ts';
import { accessSettings } from '../access/open-access.ts';
import { runningPeer } from '../access/running-peer.ts';
import { withSettings } from '../config/options.ts';
import type { Context } from '../context.ts';
import { withExamples } from '../help.ts';
import { printable, tableLines } from '../table.ts';

/** A file of this home as listed. */
interface Listed {
  readonly name: string;
  readonly size: number;
  readonly addedMs: number;
  readonly state: string;
  readonly version: number;
  /** Until when it is kept, ms; absent where no peer runs that looks after it, and while it is not stored. */
  readonly leaseMs?: number;
  /** Its owner signed its version twice, with different contents. */
  readonly equivocated?: true;
  /** Absent where no peer runs that looks after it. */
  readonly health?: string;
  readonly sentence?: string;
  readonly link: string;
}

export function lsCommand(context: Context): Command {
  const command = new Command('ls')
    .description(
      'Lists the files stored from this home, newest first, with their links. How they are says the running peer of the home, if there is one.',
    )
    .option('--json', 'one line of JSON (shoal.ls/1)');
  withExamples(command, [
    ['shoal ls', 'what this home has stored'],
    ['shoal ls --json | jq -r ".files[].link"', 'for another program'],
  ]);
  withSettings(command, accessSettings);
  return command.action(async ({ json }: { json?: boolean }) => {
    const { io } = context;
    const files = await listed(context, command);
    if (json) return io.json('ls', { files });
    if (files.length === 0) return io.say('Nothing was stored from this home yet: `shoal put FILE` does.');
    const rows = files.map(({ name, size, addedMs, state, version, leaseMs, equivocated, health, link }) => [
      formatDay(addedMs),
      formatBytes(size),
      `${health ?? state}${equivocated === true ? ', signed twice' : ''}`,
      leaseMs === undefined ? '-' : formatDay(leaseMs),
      version === 0 ? '-' : String(version),
      printable(name),
      link,
    ]);
    for (const line of tableLines(['ADDED', 'SIZE', 'STATE', 'KEPT UNTIL', 'VERSION', 'NAME', 'LINK'], rows)) await io.print(line);
  });
}

async function listed(context: Context, command: Command): Promise<readonly Listed[]> {
  const { config } = context.effective(command);
  const running = await runningPeer(config.home);
  if (running !== undefined) return (await running.snapshot()).files.map((file) => ofView(file, linkOf(running, file.capability)));
  const at = { swarm: config.swarm, signalingUrl: config.signaling };
  const files = await ownFilesAtRest(config.home);
  return files.map(({ name, size, addedMs, stored, version, capability }) => ({
    ...{ name, size, addedMs, version },
    state: stored ? 'stored' : 'not stored',
    link: linkOf(at, capability),
  }));
}

function ofView(view: FileView, link: string): Listed {
  const { name, size, addedMs, state, version, leaseMs, equivocated, health } = view;
  return {
    ...{ name, size, addedMs, state, version },
    ...(leaseMs === 0 ? {} : { leaseMs }),
    ...(equivocated ? { equivocated } : {}),
    ...(state === 'stored' ? { health } : {}),
    sentence: sentenceOf(view),
    link,
  };
}
