import { setTimeout as pause } from 'node:timers/promises';
import { Command, Option } from 'commander';
import { formatBytes } from '../../src/figures/format.ts';
import type { PeerView } from '../../src/peer/snapshot.ts';
import { type PeerAccess, unreachable } from '../access/access.ts';
import { accessSettings, openAccess } from '../access/open-access.ts';
import { withSettings } from '../config/options.ts';
import type { Context } from '../context.ts';
import { withExamples } from '../help.ts';
import { domainName, withoutVisitors } from '../access/peer-words.ts';
import { seconds } from '../option-values.ts';
import { tableLines } from '../table.ts';

/** How often a peer that has just joined looks whether all others have said what they lend, ms. */
const lookMs = 100;
/** How long those that have said nothing are waited for, ms. */
const lendsMs = 2_000;

export function peersCommand(context: Context): Command {
  const command = new Command('peers')
    .description('Lists the other peers of the swarm: as the running peer of this home sees them, or one that joins to look.')
    .addOption(new Option('--wait <SECONDS>', 'how long to meet them at most').argParser(seconds).default(10_000, '10'))
    .option('--json', 'one line of JSON (shoal.peers/1)');
  withExamples(command, [
    ['shoal peers', 'who is there, and what they lend'],
    ['shoal peers --signaling https://shoal.example.org', 'in the swarm of that page'],
  ]);
  withSettings(command, accessSettings);
  return command.action(async ({ wait, json }: { wait: number; json?: boolean }) => {
    const { io } = context;
    const access = await openAccess(context, command);
    try {
      const peers = withoutVisitors(await met(access, wait, io.signal)).toSorted(byState);
      if (json) return await io.json('peers', { peers });
      if (peers.length === 0) return io.say('Nobody else is in this swarm.');
      const rows = peers.map((peer) => [peer.node.slice(0, 16), stateOf(peer), ...figuresOf(peer)]);
      for (const line of tableLines(['PEER', 'STATE', 'LENT', 'USED', 'DOMAIN'], rows)) await io.print(line);
    } finally {
      await access.close();
    }
  });
}

/** Who is away has no link anyway. */
const stateOf = ({ state, linked }: PeerView): string => (linked || state === 'away' ? state : `${state}, not linked`);

/** Those that are here first, of these those that lend most. */
const order: readonly PeerView['state'][] = ['live', 'connecting', 'suspect', 'away'];
const byState = (a: PeerView, b: PeerView): number => order.indexOf(a.state) - order.indexOf(b.state) || b.capacity - a.capacity;

const figuresOf = ({ capacity, used, domain }: PeerView): string[] => [formatBytes(capacity), formatBytes(used), domainName(domain)];

/** The peers known, once each is linked and has said what it lends, or time is up. Throws `not-enough-peers` without a signaling server. */
async function met(access: PeerAccess, waitMs: number, signal: AbortSignal): Promise<readonly PeerView[]> {
  const untilMs = performance.now() + waitMs;
  for (;;) {
    const { self, peers } = await access.snapshot();
    const joined = self.signaling === 'joined' && !peers.some(({ state }) => state === 'connecting');
    const metMs = performance.now() - untilMs + waitMs;
    // What a peer lends comes after its link; from one that lends nothing nothing comes.
    const settled = joined && metMs > (peers.some(({ state, capacity }) => state === 'live' && capacity === 0) ? lendsMs : 2 * lookMs);
    if (access.running || signal.aborted || settled) return peers;
    if (performance.now() > untilMs) {
      if (self.signaling !== 'joined') throw unreachable(access);
      return peers;
    }
    await pause(lookMs, undefined, { signal }).catch(() => undefined);
  }
}
