import { equalBytes } from '../core/bytes/compare.ts';
import { nodeId, objectKeys } from '../core/crypto/keys.ts';
import { errorCode, ShoalError } from '../core/errors.ts';
import { encodeSigned, signingBytes } from '../core/object/signed.ts';
import type { SignedClaim } from '../core/record/claim.ts';
import { headOf } from '../core/record/heads.ts';
import { joinRecords, type RecordState, recordFrom } from '../core/record/record.ts';
import { encodeRenewalBody, parseRenewal, renewalLabel, type SignedRenewal } from '../core/record/renewal.ts';
import { isTooFarAhead, leaseOf } from '../core/record/view.ts';
import { kinds, renewBody, renewOk } from '../core/wire/kinds.ts';
import { claimLifetimeMs, renewalsMax, requestSkewMs } from '../core/wire/limits.ts';
import { type Authority, itemsOf, withoutRequest } from './authority.ts';
import type { Files } from './files.ts';
import type { Links } from './links/exchange.ts';
import type { Membership } from './membership.ts';
import type { Owned } from './own-entry.ts';
import type { Policy } from './policy.ts';
import type { Clock, Crypto, Log, Random, Signer } from './ports.ts';
import type { Records } from './records.ts';
import type { Task } from './task.ts';
import { verifyClaim } from './verify.ts';

const requestMs = 60_000;
/** After the start the records of own files are looked up first. */
const firstMs = 60_000;

/** One file to be renewed. */
interface Due {
  readonly owner: Signer;
  readonly renewal: SignedRenewal;
  /** When it was signed, ms. */
  readonly signedMs: number;
  /** What is known of it, with the renewal and what its holders answer. */
  record: RecordState;
  /** Somebody keeps it for longer now. */
  isConfirmed: boolean;
}

/** Keeps own files from ending: renews their leases when half is gone (SPEC LEASE-3), many files by one message to a holder. */
export interface Renewals {
  start(): Promise<void>;
  /** Renews one own file, or all, whatever is left of the lease; gives of how many somebody confirmed it. Throws `not-found`. */
  renew(id?: string): Promise<{ readonly renewed: number }>;
}

export function createRenewals(options: {
  readonly clock: Clock;
  readonly random: Random;
  readonly crypto: Crypto;
  readonly links: Links;
  readonly membership: Membership;
  readonly records: Records;
  readonly authority: Authority;
  readonly files: Pick<Files, 'owned'>;
  readonly policy: Policy;
  readonly log: Log;
  /** Ends with the peer. */
  readonly task: Task;
}): Renewals {
  const { clock, random, crypto, links, membership, records, authority, files, policy, log, task } = options;

  const prepare = async ({ own, record }: Owned): Promise<Due> => {
    const { signSeed, objectKey } = objectKeys(own.writeSeed);
    const owner = await crypto.signer(signSeed);
    const signedMs = clock.now();
    const body = encodeRenewalBody({ objectKey, leaseMs: signedMs + policy.leaseMs });
    const signed = encodeSigned(body, await owner.sign(signingBytes(renewalLabel, body)));
    const renewal = { renewal: parseRenewal(signed).renewal, signed };
    return { owner, renewal, signedMs, record: joinRecords(record!, recordFrom({ heads: [], renewal })), isConfirmed: false };
  };

  /** Throws `stale` where the clock here is so far ahead of everyone's that what it signs would stand in the way of any later renewal. */
  const requireClock = (leaseMs: number): void => {
    const ahead = membership.peers().flatMap(({ clockAheadMs }) => clockAheadMs ?? []);
    const theirMs = clock.now() + (ahead.sort((a, b) => a - b)[Math.floor(ahead.length / 2)] ?? 0);
    if (isTooFarAhead(leaseMs, theirMs))
      throw new ShoalError(
        'stale',
        'The clock of this device is far ahead of those of its peers: nothing is renewed until it is set right.',
      );
  };

  /** The claim that a holder made for this renewal, joined with the head that it is on: one made before says nothing of it. */
  const confirm = async (due: Due, node: string, signed: Uint8Array): Promise<void> => {
    const claim: SignedClaim = await verifyClaim(crypto, signed);
    const { holder, seq, issuedMs, expiresMs } = claim.claim;
    const before = Math.max(0, ...due.record.heads.map(({ claims }) => claims.get(node)?.claim.seq ?? 0));
    const untilMs = Math.min(due.renewal.renewal.leaseMs, issuedMs + claimLifetimeMs);
    if (nodeId(holder) !== node || seq <= before || issuedMs < due.signedMs - requestSkewMs || expiresMs < untilMs)
      throw new ShoalError('integrity', 'the claim is not for this renewal');
    const heads = due.record.heads.map((head) => headOf(head.signed, head.descriptor, [claim])).filter(({ claims }) => claims.size > 0);
    if (heads.length === 0) throw new ShoalError('integrity', 'the claim is of another object');
    // Who holds an older version alone keeps nothing that readers get.
    due.isConfirmed ||= equalBytes(claim.claim.contentRoot, due.record.heads[0]!.descriptor.contentRoot);
    due.record = joinRecords(due.record, recordFrom({ heads }));
  };

  const tell = async (node: string, dues: readonly Due[]): Promise<void> => {
    const session = links.session(node) ?? (await links.connect(node));
    const body = renewBody.write({ items: dues.map(({ renewal }) => ({ request: new Uint8Array(), renewal: renewal.signed })) });
    const items = itemsOf(body).map((item, i) => ({ owner: dues[i]!.owner, item: withoutRequest(item) }));
    const call = await authority.callAll(session, kinds.renew, items, { deadlineMs: requestMs });
    const answers = renewOk.read(await call.result).items;
    for (const [i, { claim, code }] of answers.slice(0, dues.length).entries()) {
      if (claim !== undefined) await confirm(dues[i]!, node, claim);
      else log('info', 'renewal refused', { code: code ?? 'internal' });
    }
  };

  const tellAll = async (node: string, dues: readonly Due[]): Promise<void> => {
    try {
      for (let first = 0; first < dues.length; first += renewalsMax) await tell(node, dues.slice(first, first + renewalsMax));
    } catch (error) {
      log('info', 'renewals not confirmed', { code: errorCode(error) });
    }
  };

  const renewEach = async (some: readonly Owned[]): Promise<number> => {
    if (some.length > 0) requireClock(clock.now() + policy.leaseMs);
    const dues: Due[] = [];
    for (const file of some) dues.push(await prepare(file));
    const byHolder = new Map<string, Due[]>();
    for (const due of dues)
      for (const node of new Set(due.record.heads.flatMap(({ claims }) => [...claims.keys()])))
        if (membership.peer(node)?.state === 'live') byHolder.set(node, [...(byHolder.get(node) ?? []), due]);
    await task.race(Promise.all([...byHolder].map(([node, theirs]) => tellAll(node, theirs))));
    let renewed = 0;
    for (const due of dues) {
      // Its keepers hear of it by the next sync, unless they are all there is. What nobody heard of is not known here either: else it would
      // count as renewed and not be tried again.
      if (!due.isConfirmed && (await task.race(records.announce(due.record))) === 0) continue;
      await records.merge(due.record);
      renewed++;
    }
    return renewed;
  };

  /** One by one where they cannot be renewed together: a file that fails, or a disk that does once, keeps no other from being renewed. */
  const renewDue = async (due: readonly Owned[]): Promise<void> => {
    const renewed = await renewEach(due).catch(failed);
    if (renewed === undefined) for (const file of due) await renewEach([file]).catch(failed);
  };
  const failed = (error: unknown): undefined => {
    if (errorCode(error) === 'cancelled') throw error;
    log('error', 'not renewed', { code: errorCode(error) });
  };

  const hasRecord = ({ state, record }: Owned): boolean => state === 'stored' && record?.heads[0] !== undefined;
  const isDue = ({ record }: Owned): boolean => {
    const { descriptor } = record!.heads[0]!;
    return leaseOf(record!, descriptor, clock.now()) - clock.now() < policy.renewAt * policy.leaseMs;
  };

  const pause = (ms: number): Promise<void> => task.race(new Promise((resolve) => void clock.timer(ms, resolve)));

  return {
    async start() {
      await pause(firstMs);
      for (;;) {
        const due = files.owned().filter((file) => hasRecord(file) && isDue(file));
        await renewDue(due);
        await pause(policy.collectMs * (0.75 + random.bytes(1)[0]! / 512));
      }
    },
    async renew(id) {
      const some = files.owned().filter((file) => (id === undefined || file.id === id) && hasRecord(file));
      if (id !== undefined && some.length === 0)
        throw new ShoalError('not-found', 'There is no such stored file here: only its owner can renew it.');
      return { renewed: await renewEach(some) };
    },
  };
}
