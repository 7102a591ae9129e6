import { Command } from 'commander';
import { encodeCapability, narrow, parseCapability } from '../../src/core/crypto/capability.ts';
import { ShoalError } from '../../src/core/errors.ts';
import { formatBytes, formatDay } from '../../src/figures/format.ts';
import type { ObjectView } from '../../src/peer/examine.ts';
import { type PeerAccess, unreachable } from '../access/access.ts';
import { linkHelp, readLink } from '../access/link-argument.ts';
import { accessSettings, openAccess } from '../access/open-access.ts';
import { withSettings } from '../config/options.ts';
import type { Context } from '../context.ts';
import { withExamples } from '../help.ts';
import { factLines, tableLines } from '../table.ts';

export function statCommand(context: Context): Command {
  const command = new Command('stat')
    .description(
      'Says how an object is: how it was cut, who holds what, what may vanish. Reads none of its bytes, and takes any capability.',
    )
    .argument('<LINK>', linkHelp)
    .option('--json', 'one line of JSON (shoal.stat/1)');
  withExamples(command, [
    ['shoal stat LINK', 'health and holders'],
    ['shoal stat V.… --json', 'for another program, without the right to read'],
  ]);
  withSettings(command, accessSettings);
  return command.action(async (argument: string, { json }: { json?: boolean }) => {
    const { io } = context;
    const link = await readLink(io, argument);
    const access = await openAccess(context, command, link.text);
    try {
      const object = await access.look(link.capability, io.signal);
      if (object === undefined) throw await notAnnounced(access);
      const verify = encodeCapability(narrow(parseCapability(link.capability), 'verify'));
      if (json) await io.json('stat', { object, verify });
      else for (const line of objectLines(object, verify)) await io.print(line);
    } finally {
      await access.close();
    }
  });
}

/** Whether who is online could be asked at all. */
export const isJoined = async (access: PeerAccess): Promise<boolean> => (await access.snapshot()).self.signaling === 'joined';

/** Why an object is not known here. */
async function notAnnounced(access: PeerAccess): Promise<ShoalError> {
  if (!(await isJoined(access))) return unreachable(access);
  return new ShoalError(
    'not-found',
    'Nobody in this swarm announced this object: check the link, --swarm and --signaling, or try again later.',
  );
}

/** `verify`: the V capability, for those who may check the object and not read it. */
function objectLines(object: ObjectView, verify: string): string[] {
  const { k, m, holders, shards } = object;
  const n = k + m;
  const facts = factLines([
    ['health', object.sentence],
    [
      'code',
      `${k}+${m}, ${object.segments} ${object.segments === 1 ? 'segment' : 'segments'}, ${formatBytes(object.ciphertextLength)} of ciphertext`,
    ],
    ['shards', `${shards.filter((count) => count > 0).length} of ${object.segments * n} online`],
    ['version', `${object.version}${object.equivocated ? ', signed twice with different contents: everyone reads this one' : ''}`],
    ['created', formatDay(object.createdMs)],
    ['lease', `until ${formatDay(object.leaseMs)}`],
    ['record', object.recordKey],
    ['verify', verify],
  ]);
  const rows = holders.map(({ node, state, shards: held }) => [
    node.slice(0, 16),
    state,
    String(held.length),
    held.slice(0, 12).join(' ') + (held.length > 12 ? ' …' : ''),
  ]);
  return rows.length === 0 ? facts : [...facts, '', ...tableLines(['HOLDER', 'STATE', 'SHARDS', 'WHICH'], rows)];
}
