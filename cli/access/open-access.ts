import type { Command } from 'commander';
import { swarmIn } from '../../src/core/crypto/link.ts';
import type { Log } from '../../src/peer/ports.ts';
import { createLogger } from '../../signaling/log.ts';
import { type Config, signalingUrl } from '../config/schema.ts';
import type { SettingKey } from '../config/settings.ts';
import type { Context } from '../context.ts';
import type { NodePeerSettings } from '../node-peer.ts';
import type { PeerAccess } from './access.ts';
import { runningPeer } from './running-peer.ts';

/** What every command that needs a peer can be told. */
export const accessSettings: readonly SettingKey[] = ['home', 'signaling', 'swarm', 'clockOffset'];

/** The peer's log, as JSON lines on standard error. */
export function logTo(level: Config['logLevel']): Log {
  const logger = createLogger(level);
  return (severity, event, fields) => logger[severity]({ event, ...fields });
}

/** A peer is told of trouble by what it shows: its log is for those who ask for it, and for `shoal peer`. */
const commandLogLevel = (level: Config['logLevel'], isSet: boolean): Config['logLevel'] => (isSet ? level : 'silent');

/**
 * The peer that a command uses: the running one of its home, unless a setting or the link asks for another swarm or server than it has;
 * else one that joins for the time of the command.
 *
 * @param link the link or capability that the command is about; it may name a swarm
 * @param own ids of the own files that it is about, asked for where no running peer has them all
 */
export async function openAccess(
  context: Context,
  command: Command,
  link?: string,
  own: () => Promise<readonly string[]> = async () => [],
): Promise<PeerAccess> {
  const { config, sources } = context.effective(command);
  const named = link === undefined ? undefined : swarmIn(link);
  const wanted = {
    swarm: named ?? (sources.has('swarm') ? config.swarm : undefined),
    signalingUrl: sources.has('signaling') ? config.signaling : undefined,
  };
  const running = await runningPeer(config.home, wanted);
  if (running !== undefined) return running;
  const settings: NodePeerSettings = {
    home: config.home,
    // Nobody said where: then where the page of the link is.
    signalingUrl: sources.has('signaling') ? config.signaling : (serverOf(link) ?? config.signaling),
    swarm: named ?? config.swarm,
    clockOffsetMs: config.clockOffset,
    log: logTo(commandLogLevel(config.logLevel, sources.has('logLevel'))),
  };
  // A whole peer takes a quarter of a second to load: only for those who need one.
  const [{ joinForCommand }, { localAccess }] = await Promise.all([import('../node-peer.ts'), import('./local-access.ts')]);
  const unlisted = (): void => context.io.say(`A peer runs in ${config.home} now: what this command stores is not in its list.`);
  return localAccess(await joinForCommand(settings, await own(), unlisted), false);
}

/** The signaling server at the page that a link leads to; undefined for a capability. */
function serverOf(link: string | undefined): string | undefined {
  return link === undefined || swarmIn(link) === undefined ? undefined : signalingUrl(link);
}
