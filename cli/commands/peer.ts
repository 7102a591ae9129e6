import { Command } from 'commander';
import { formatBytes } from '../../src/figures/format.ts';
import type { Meter } from '../../src/peer/metered.ts';
import type { Snapshot } from '../../src/peer/snapshot.ts';
import { logTo } from '../access/open-access.ts';
import { localAccess } from '../access/local-access.ts';
import { withSettings } from '../config/options.ts';
import type { Config } from '../config/schema.ts';
import { peerSettings } from '../config/settings.ts';
import type { Context } from '../context.ts';
import { serveControl } from '../daemon/control-server.ts';
import { withExamples } from '../help.ts';
import type { ServedMetrics } from '../metrics.ts';
import { type HomePeer, openHomePeer } from '../node-peer.ts';

export function peerCommand(context: Context): Command {
  const command = new Command('peer').description(
    'Lends storage to the swarm until it is ended: Ctrl-C leaves in order, a second one at once. Other commands of the same home use it.',
  );
  withExamples(command, [
    ['shoal peer --capacity 50GB', 'lend 50 GB of this disk'],
    ['shoal peer --home /srv/shoal-2 --domain cellar', 'a second one on this machine'],
    ['shoal peer --signaling https://shoal.example.org', 'in the swarm of that page'],
  ]);
  withSettings(command, peerSettings);
  return command.action(async () => {
    const { config } = context.effective(command);
    // Listened for from here on: what comes while it starts counts too.
    const told = toldToEnd(context.io.signal);
    const metrics = await metricsOf(context, config);
    const held = await openHomePeer(settingsOf(config, metrics?.meter));
    try {
      await lend(context, config, held, metrics, told);
    } finally {
      await held.stop();
    }
  });
}

function settingsOf(config: Config, meter: Meter | undefined) {
  const { home, signaling, swarm, domain, region, bandwidth, clockOffset, logLevel } = config;
  const hints = { class: 'anchor' as const, ...(domain === undefined ? {} : { domain }), ...(region === undefined ? {} : { region }) };
  return { home, signalingUrl: signaling, swarm, hints, bandwidth, clockOffsetMs: clockOffset, meter, log: logTo(logLevel) };
}

interface OwnMetrics {
  readonly meter: Meter;
  serve(snapshot: () => Snapshot): Promise<ServedMetrics>;
}

/** What counts and serves metrics, a quarter of all that a peer loads: only for one that is asked for them. */
async function metricsOf({ version }: Context, { metricsPort: port, metricsHost: host }: Config): Promise<OwnMetrics | undefined> {
  if (port === undefined) return undefined;
  const { createMetrics, serveMetrics } = await import('../metrics.ts');
  const metrics = createMetrics(version);
  return { meter: metrics.meter, serve: (snapshot) => serveMetrics(metrics, snapshot, { host, port }) };
}

/** Runs the peer until the program is `told` to end. */
async function lend(
  { io, version }: Context,
  config: Config,
  held: HomePeer,
  metrics: OwnMetrics | undefined,
  told: Promise<void>,
): Promise<void> {
  const { peer, home, node } = held;
  await held.start();
  await peer.contribute(config.capacity);
  // What an earlier run began and did not store: its link opens nothing, and whoever put it was told.
  for (const { id, state } of peer.snapshot().files) if (state === 'failed') peer.cancel(id);
  const about = { pid: process.pid, version, swarm: config.swarm, signalingUrl: config.signaling };
  const control = await serveControl(home.socket, about, localAccess(held, true));
  try {
    io.say(`Peer ${node.slice(0, 16)} lends ${formatBytes(config.capacity)} in ${home.folder}.`);
    const served = await metrics?.serve(() => peer.snapshot());
    if (served !== undefined) io.say(`Metrics are at ${served.url}.`);
    process.send?.({ ready: true, node });
    await told;
    io.say('Leaving.');
    served?.close();
  } finally {
    await control.close();
  }
}

/** The signal, or the end of the program that started this one as its child. */
function toldToEnd(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const orphaned = process.send !== undefined && !process.connected;
    if (signal.aborted || orphaned) return resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
    process.once('disconnect', () => resolve());
  });
}
