import { Command } from 'commander';
import { errorCode, ShoalError } from '../../src/core/errors.ts';
import type { ShardOutcome, ShardResult } from '../../src/peer/verify-object.ts';
import { unreachable } from '../access/access.ts';
import { linkHelp, readLink } from '../access/link-argument.ts';
import { accessSettings, openAccess } from '../access/open-access.ts';
import { withSettings } from '../config/options.ts';
import type { Context } from '../context.ts';
import { withExamples } from '../help.ts';
import type { Io } from '../io.ts';
import { progressOn } from '../progress.ts';
import { tableLines } from '../table.ts';
import { isJoined } from './stat.ts';

const outcomes: readonly ShardOutcome[] = ['ok', 'wrong', 'missing', 'unreachable', 'unclaimed'];

export function verifyCommand(context: Context): Command {
  const command = new Command('verify')
    .description(
      'Reads every shard of an object from every holder and checks it against what the owner signed. Takes any capability: the file itself is not read.',
    )
    .argument('<LINK>', linkHelp)
    .option('--json', 'one line of JSON (shoal.verify/1)');
  withExamples(command, [
    ['shoal verify V.…', 'with the right to verify alone'],
    ['shoal verify LINK --json', 'every shard and what came of it'],
  ]);
  withSettings(command, accessSettings);
  return command.action(async (argument: string, { json }: { json?: boolean }) => {
    const { io } = context;
    const link = await readLink(io, argument);
    const access = await openAccess(context, command, link.text);
    const progress = progressOn(io);
    try {
      const results = await access.verify(
        link.capability,
        ({ shardsDone, shards, bytesDone, bytes }) => progress.show(`${shardsDone} of ${shards} shards`, bytesDone, bytes),
        io.signal,
      );
      progress.end();
      await report(io, results, json === true);
    } catch (error) {
      if (errorCode(error) === 'not-found' && !(await isJoined(access))) throw unreachable(access);
      throw error;
    } finally {
      progress.end();
      await access.close();
    }
  });
}

/** Says what was found; throws `integrity` or `not-enough-shards` when not every shard is well. */
async function report(io: Io, results: readonly ShardResult[], json: boolean): Promise<void> {
  const counts = Object.fromEntries(outcomes.map((outcome) => [outcome, results.filter((result) => result.outcome === outcome).length]));
  if (json) await io.json('verify', { counts, shards: results });
  else {
    const rows = results.map(({ segment, shard, node, outcome }) => [String(segment), String(shard), node?.slice(0, 16) ?? '-', outcome]);
    for (const line of tableLines(['SEGMENT', 'SHARD', 'HOLDER', 'RESULT'], rows)) await io.print(line);
  }
  const words = outcomes.map((outcome) => `${counts[outcome] ?? 0} ${outcome}`).join(', ');
  if ((counts['wrong'] ?? 0) > 0) throw new ShoalError('integrity', `Not every holder gave what was signed: ${words}.`);
  if (results.some(({ outcome }) => outcome !== 'ok'))
    throw new ShoalError('not-enough-shards', `Not every shard could be read: ${words}.`);
  io.say(`Every shard is what was signed: ${words}.`);
}
