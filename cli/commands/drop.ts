import { Command } from 'commander';
import { ShoalError } from '../../src/core/errors.ts';
import { formatBytes } from '../../src/figures/format.ts';
import { linkHelp, readLink } from '../access/link-argument.ts';
import { recordOf } from '../access/own-file.ts';
import { runningPeer } from '../access/running-peer.ts';
import { withSettings } from '../config/options.ts';
import type { Context } from '../context.ts';
import { withExamples } from '../help.ts';
import type { Io } from '../io.ts';
import { noneRuns } from './status.ts';

export function dropCommand(context: Context): Command {
  const command = new Command('drop')
    .description(
      'Has the running peer of this home give up shards that it holds for others. It says so to the swarm; their owners may lose what has no other holder.',
    )
    .argument('[RECORD]', `record key of an object, such as \`shoal stat\` shows it; or a ${linkHelp}`)
    .option('--all', 'everything that is held')
    .option('--json', 'one line of JSON (shoal.drop/1)');
  withExamples(command, [
    ['shoal drop RECORD', 'what is held of one object'],
    ['shoal drop --all', 'all shards, as before this machine goes for good'],
  ]);
  withSettings(command, ['home']);
  return command.action(async (argument: string | undefined, { all, json }: { all?: boolean; json?: boolean }) => {
    const { io } = context;
    if ((argument === undefined) !== (all === true)) throw new ShoalError('bad-input', 'give the record key of one object, or --all');
    const record = argument === undefined ? 'all' : await readRecord(io, argument);
    const { home } = context.effective(command).config;
    const running = await runningPeer(home);
    if (running === undefined) throw noneRuns(home);
    const { shards, bytes } = await running.letGo(record);
    if (json) await io.json('drop', { shards, bytes });
    if (shards === 0 && record !== 'all') throw new ShoalError('not-found', 'Nothing of this object is held here.');
    io.say(`Given up: ${shards} ${shards === 1 ? 'shard' : 'shards'}, ${formatBytes(bytes)}.`);
  });
}

async function readRecord(io: Io, argument: string): Promise<string> {
  if (/^[0-9a-f]{64}$/i.test(argument)) return argument.toLowerCase();
  return recordOf((await readLink(io, argument)).capability);
}
