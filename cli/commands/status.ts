import { Command } from 'commander';
import { ShoalError } from '../../src/core/errors.ts';
import { formatBytes } from '../../src/figures/format.ts';
import type { Snapshot } from '../../src/peer/snapshot.ts';
import { runningPeer } from '../access/running-peer.ts';
import { withSettings } from '../config/options.ts';
import type { Context } from '../context.ts';
import { withExamples } from '../help.ts';
import { factLines } from '../table.ts';

export function statusCommand(context: Context): Command {
  const command = new Command('status')
    .description('Says how the running peer of this home is, and whether it may be ended. Status 3 when none runs.')
    .option('--json', 'one line of JSON (shoal.status/1)');
  withExamples(command, [
    ['shoal status', 'of the peer in the usual home'],
    ['shoal status --home /srv/shoal-2 --json', 'of another one, for a program'],
  ]);
  withSettings(command, ['home']);
  return command.action(async ({ json }: { json?: boolean }) => {
    const { io } = context;
    const { home } = context.effective(command).config;
    const running = await runningPeer(home);
    if (running === undefined) throw noneRuns(home);
    const { swarm, signalingUrl } = running;
    const { self, peers, files } = await running.snapshot();
    const figures = { peers: peers.filter(({ state }) => state === 'live').length, files: files.length };
    if (json) return io.json('status', { swarm, signaling: signalingUrl, self, ...figures });
    for (const line of statusLines(self, { swarm, signalingUrl, ...figures })) await io.print(line);
  });
}

/** Where a command asks for the running peer of a home and there is none. */
export const noneRuns = (home: string): ShoalError =>
  new ShoalError('not-found', `No peer runs in ${home}. Start one with \`shoal peer\`, or name its home with --home.`);

function statusLines(self: Snapshot['self'], about: { swarm: string; signalingUrl: string; peers: number; files: number }): string[] {
  const { check } = self;
  return factLines([
    ['peer', self.node],
    ['swarm', about.swarm],
    ['signaling', `${self.signaling}, ${about.signalingUrl}`],
    ['peers', `${about.peers} live`],
    ['lent', `${formatBytes(self.capacity)}${self.diskFull ? ', all that the disk had room for' : ''}`],
    ['held', `${self.shards} shards, ${formatBytes(self.used)}; ${formatBytes(self.reserved)} on their way`],
    ['checked', `${check.checked} of ${check.total} shards since the start, ${check.lost} lost`],
    ['own files', String(about.files)],
    ['may end', self.needed ? "better not: somebody's file would be At risk or worse without it" : 'yes, as far as is known'],
  ]);
}
