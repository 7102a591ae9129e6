import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { Command } from 'commander';
import { withSettings } from '../config/options.ts';
import { signalingUrl } from '../config/schema.ts';
import { peerSettings } from '../config/settings.ts';
import type { Context } from '../context.ts';
import { withExamples } from '../help.ts';
import { startPeerProcess } from '../serve/peer-process.ts';
import { hasPage, startServer, warnings } from '../serve/server.ts';
import { startPeers } from '../serve/supervisor.ts';

/** How long peers may take to start before the page is said to run without them, ms. */
const readyWithinMs = 15_000;

export function serveCommand(context: Context): Command {
  const command = new Command('serve').description(
    'Serves the page and the signaling of Shoal on one port, and runs peers beside it that keep what is dropped. Prints where it runs.',
  );
  withExamples(command, [
    ['shoal serve --peers 6', 'all of Shoal on this machine'],
    ['shoal serve --host 0.0.0.0 --tls-cert cert.pem --tls-key key.pem', 'page and signaling for other machines'],
  ]);
  withSettings(command, [
    'server.port',
    'server.host',
    'server.tlsCert',
    'server.tlsKey',
    'server.iceServers',
    'server.proxies',
    'server.limits',
    'server.domainSecret',
    'server.peers',
    ...peerSettings,
  ]);
  return command.action(() => serve(context, command));
}

async function serve(context: Context, command: Command): Promise<void> {
  const { io, mainFile, preparePage, pageFolder } = context;
  const { config, sources } = context.effective(command);
  // A wrong call has been answered by now; building takes seconds.
  preparePage?.();
  // What the server says of each socket, and each peer of each link, is for those who ask for it.
  const logLevel = sources.has('logLevel') ? config.logLevel : 'warn';
  const server = await startServer({ ...config, logLevel }, context);
  if (!hasPage(pageFolder)) io.say('The page is not built, so only signaling is served: npm run build, then start again.');
  // Named: a certificate may be for another name than this machine's own.
  const signaling = sources.has('signaling') ? config.signaling : signalingUrl(server.url)!;
  const peers = startPeers({
    count: config.server.peers,
    start: (index) => startPeerProcess(index, { mainFile, env: io.env, config, signaling, logLevel }),
    say: io.say,
  });
  // A drop is stored at once only where the peers are there.
  await Promise.race([peers.ready, pause(readyWithinMs, undefined, { signal: io.signal }).catch(() => undefined)]);
  await io.print(`Shoal runs at ${server.url}`);
  for (const line of warnings(config.server)) io.say(line);
  io.say('Ctrl-C ends it.');
  if (!io.signal.aborted) await once(io.signal, 'abort');
  io.say('Ending.');
  await peers.stop();
  await server.close();
}
