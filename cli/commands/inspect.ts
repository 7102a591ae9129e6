import { readFile } from 'node:fs/promises';
import { Command } from 'commander';
import { toHex } from '../../src/core/bytes/text.ts';
import { recordKey } from '../../src/core/crypto/keys.ts';
import { ShoalError } from '../../src/core/errors.ts';
import type { Descriptor } from '../../src/core/object/descriptor.ts';
import { geometry } from '../../src/core/object/geometry.ts';
import { formatBytes } from '../../src/figures/format.ts';
import type { Place } from '../../src/peer/ports.ts';
import type { PeerView } from '../../src/peer/snapshot.ts';
import { verifyDescriptor } from '../../src/peer/verify.ts';
import { nodeCrypto } from '../../src/platform/node/crypto.ts';
import { homePaths } from '../../src/platform/node/home.ts';
import { inHome } from '../access/in-home.ts';
import { runningPeer } from '../access/running-peer.ts';
import { domainName } from '../access/peer-words.ts';
import { withSettings } from '../config/options.ts';
import type { Context } from '../context.ts';
import { withExamples } from '../help.ts';
import { factLines, printable, tableLines } from '../table.ts';
import { noneRuns } from './status.ts';

type Facts = readonly (readonly [name: string, value: string | number])[];

export function inspectCommand(context: Context): Command {
  const command = new Command('inspect').description('Shows what lies behind: a descriptor on disk, a peer, the shards of this home.');
  withExamples(command, [
    ['shoal inspect object DIR/descriptor.cbor', 'what an owner has signed'],
    ['shoal inspect peer 3f2a', 'what is known of one peer'],
    ['shoal inspect shards', 'places of all shards held in this home'],
  ]);
  return command.addCommand(objectCommand(context)).addCommand(onePeerCommand(context)).addCommand(shardsCommand(context));
}

function objectCommand({ io }: Context): Command {
  const command = new Command('object')
    .description('Decodes a descriptor file and checks its signature.')
    .argument('<FILE>', 'descriptor.cbor, such as `shoal encode` writes')
    .option('--json', 'one line of JSON (shoal.inspect-object/1)');
  withExamples(command, [['shoal inspect object DIR/descriptor.cbor', 'geometry, roots, lease']]);
  return command.action(async (file: string, { json }: { json?: boolean }) => {
    const { descriptor } = await verifyDescriptor(nodeCrypto(), new Uint8Array(await readFile(file)));
    const facts = descriptorFacts(descriptor);
    if (json) return io.json('inspect-object', { descriptor: Object.fromEntries(facts) });
    for (const line of linesOf(facts)) await io.print(line);
  });
}

function onePeerCommand(context: Context): Command {
  const { io } = context;
  const command = new Command('peer')
    .description('Shows all that the running peer of this home knows of one other peer.')
    .argument('<NODE>', 'NodeId, or how it begins')
    .option('--json', 'one line of JSON (shoal.inspect-peer/1)');
  withExamples(command, [['shoal inspect peer 3f2a', 'the one peer whose NodeId begins so']]);
  withSettings(command, ['home']);
  return command.action(async (node: string, { json }: { json?: boolean }) => {
    const { home } = context.effective(command).config;
    const running = await runningPeer(home);
    if (running === undefined) throw noneRuns(home);
    const peer = onlyOne((await running.snapshot()).peers, node);
    if (json) return io.json('inspect-peer', { peer });
    for (const line of linesOf(peerFacts(peer))) await io.print(line);
  });
}

function shardsCommand(context: Context): Command {
  const { io } = context;
  const command = new Command('shards')
    .description('Lists the shards held in this home, whether its peer runs or not.')
    .option('--json', 'one line of JSON (shoal.inspect-shards/1)');
  withExamples(command, [['shoal inspect shards | wc -l', 'how many there are, and one line of headings']]);
  withSettings(command, ['home']);
  return command.action(async ({ json }: { json?: boolean }) => {
    const { home } = context.effective(command).config;
    const running = await runningPeer(home);
    const places = running === undefined ? await atRest(home) : await running.shards();
    if (json) return io.json('inspect-shards', { shards: places });
    const rows = places.map(({ contentRoot, segment, shard }: Place) => [contentRoot, String(segment), String(shard)]);
    for (const line of tableLines(['CONTENT ROOT', 'SEGMENT', 'SHARD'], rows)) await io.print(line);
  });
}

/** Throws `not-found` where no home is: none is made to be looked at. */
async function atRest(home: string): Promise<readonly Place[]> {
  await homePaths(home);
  const { placesAtRest } = await import('../node-peer.ts');
  return inHome(home, placesAtRest);
}

const linesOf = (facts: Facts): string[] => factLines(facts.map(([name, value]) => [name, printable(String(value))]));

function onlyOne(peers: readonly PeerView[], node: string): PeerView {
  const found = peers.filter((peer) => peer.node.startsWith(node.toLowerCase()));
  const [first] = found;
  if (first === undefined)
    throw new ShoalError('not-found', `No peer is known whose NodeId begins with ${printable(node)}: \`shoal peers\` lists them.`);
  if (found.length > 1) throw new ShoalError('bad-input', `${found.length} peers begin with ${node}: give more of the NodeId.`);
  return first;
}

function descriptorFacts(descriptor: Descriptor): Facts {
  const { objectKey, version, k, m, ciphertextLength, createdMs, leaseMs, policy } = descriptor;
  return [
    ['record', toHex(recordKey(objectKey))],
    ['owner', toHex(objectKey)],
    ['contentRoot', toHex(descriptor.contentRoot)],
    ['version', version],
    ['k', k],
    ['m', m],
    ['segments', geometry(k, m, ciphertextLength).segments],
    ['ciphertextLength', ciphertextLength],
    ['class', descriptor.class],
    ['created', new Date(createdMs).toISOString()],
    ['leaseEnd', new Date(leaseMs).toISOString()],
    ['anchorsMin', policy.anchorsMin],
    ['domainMax', policy.domainMax],
  ];
}

function peerFacts({ node, state, linked, domain, region, capacity, used, sent, received, verdicts }: PeerView): Facts {
  return [
    ['peer', node],
    ['state', linked ? state : `${state}, not linked`],
    ['domain', domainName(domain)],
    ['region', region ?? '-'],
    ['lent', formatBytes(capacity)],
    ['used', formatBytes(used)],
    ['sent to it', formatBytes(sent)],
    ['received', formatBytes(received)],
    ['verdicts', verdicts.length === 0 ? 'none' : verdicts.join('; ')],
  ];
}
