import { fromHex, toHex } from '../core/bytes/text.ts';
import { objectKeys, recordKey as recordKeyOf } from '../core/crypto/keys.ts';
import { errorCode, ShoalError } from '../core/errors.ts';
import { encodeSigned, signingBytes } from '../core/object/signed.ts';
import { type RecordState, recordFrom } from '../core/record/record.ts';
import { encodeTombstoneBody, everyVersion, parseTombstone, tombstoneLabel } from '../core/record/tombstone.ts';
import { leaseOf } from '../core/record/view.ts';
import { deleteBody, kinds } from '../core/wire/kinds.ts';
import { type Authority, withoutRequest } from './authority.ts';
import type { Changes } from './changes.ts';
import { isUnderWay } from './file-view.ts';
import type { Files } from './files.ts';
import type { Links } from './links/exchange.ts';
import type { Membership } from './membership.ts';
import type { Owned } from './own-entry.ts';
import { type OwnFile, type OwnFiles, ownStates, untoldMax } from './own-files.ts';
import type { Policy } from './policy.ts';
import type { Clock, Crypto, Log, Signer } from './ports.ts';
import type { Records } from './records.ts';
import type { Task } from './task.ts';
import { within } from './within.ts';

const requestMs = 10_000;
/** Who failed to confirm is asked again after this long. */
const againMs = 10_000;
/** A person waits no longer for those that are live to confirm; the deletion goes on. */
const patienceMs = 20_000;
/** While nothing changes, who is away is looked for this often. */
const lookMs = 600_000;

export interface DeletionsOptions {
  readonly clock: Clock;
  readonly crypto: Crypto;
  readonly links: Links;
  readonly membership: Membership;
  readonly records: Records;
  readonly authority: Authority;
  readonly ownFiles: OwnFiles;
  readonly files: Pick<Files, 'owned' | 'show' | 'removed' | 'discard'>;
  readonly changes: Changes;
  readonly policy: Policy;
  readonly log: Log;
  readonly task: Task;
}

/** Deletions of own files: signed once, told until everyone who held something has confirmed or let it end with its lease (SPEC DEL-*). */
export interface Deletions {
  /** Goes on with those of earlier runs. */
  start(): Promise<void>;
  /**
   * Deletes an own file for good. Resolves when its live holders, and one keeper where there is one, confirmed. Throws `not-found` where it
   * is no own file, `busy` while it is being stored, and otherwise what kept them from confirming: the deletion goes on all the same.
   */
  remove(id: string): Promise<void>;
  /** An upload came to nothing: deletes what it left, where it left something, and forgets it. */
  abandon(file: Owned): Promise<void>;
}

/** One under way. */
interface Deletion {
  readonly id: string;
  readonly own: OwnFile;
  readonly owner: Signer;
  readonly record: RecordState;
  readonly tombstone: Uint8Array;
  /** Until then who holds something of it has to be told, ms. */
  readonly untilMs: number;
  readonly untold: Set<string>;
  /** When who failed to confirm is asked again, ms. */
  readonly again: Map<string, number>;
  /** Holders and keepers that confirmed. */
  confirmed: number;
  isKept: boolean;
  /** When its record is put at keepers again, ms, where none has taken it. */
  putAgainMs: number;
  /** Why somebody who is there did not confirm. */
  refusal: ShoalError | undefined;
}

export function createDeletions(options: DeletionsOptions): Deletions {
  const { clock, crypto, links, membership, records, authority, ownFiles, files, changes, policy, log, task } = options;
  /** Also those that are done: no file is deleted twice. */
  const begun = new Map<string, Promise<Deletion>>();

  const isLive = (node: string): boolean => membership.peer(node)?.state === 'live';
  const live = ({ untold }: Deletion): string[] => [...untold].filter(isLive);

  const save = async ({ id, own, untilMs, untold }: Deletion): Promise<void> => {
    const deletion = { untilMs, untold: [...untold].slice(0, untoldMax).map(fromHex) };
    await ownFiles.put(id, { ...own, state: ownStates.deleted, deletion });
  };

  const prepare = async (id: string, own: OwnFile, untold: Iterable<string>, untilMs: number): Promise<Deletion> => {
    const { signSeed, objectKey } = objectKeys(own.writeSeed);
    const owner = await crypto.signer(signSeed);
    const body = encodeTombstoneBody({ objectKey, upTo: everyVersion });
    const signed = encodeSigned(body, await owner.sign(signingBytes(tombstoneLabel, body)));
    const record = recordFrom({ heads: [], tombstone: { tombstone: parseTombstone(signed).tombstone, signed } });
    const left = new Set(untold);
    return {
      id,
      own,
      owner,
      record,
      tombstone: signed,
      untilMs,
      untold: left,
      again: new Map(),
      confirmed: 0,
      isKept: false,
      putAgainMs: 0,
      refusal: undefined,
    };
  };

  const tell = async (deletion: Deletion, node: string): Promise<void> => {
    deletion.again.set(node, Infinity);
    try {
      const session = links.session(node) ?? (await links.connect(node));
      const body = withoutRequest(deleteBody.write({ request: new Uint8Array(), tombstone: deletion.tombstone }));
      const call = await authority.call(session, deletion.owner, kinds.delete, body, { deadlineMs: requestMs });
      await call.result;
      deletion.confirmed++;
      deletion.untold.delete(node);
      await save(deletion);
    } catch (error) {
      if (errorCode(error) !== 'not-found') deletion.refusal = refusalOf(error);
      deletion.again.set(node, clock.now() + againMs);
      log('info', 'deletion not confirmed', { code: errorCode(error) });
    }
  };

  /** Tells those who are there and do not know it yet. */
  const round = async (deletion: Deletion): Promise<void> => {
    const before = deletion.confirmed;
    const nodes = live(deletion).filter((node) => (deletion.again.get(node) ?? 0) <= clock.now());
    const telling = nodes.map((node) => tell(deletion, node));
    if (!deletion.isKept && links.sessions().length > 0 && deletion.putAgainMs <= clock.now()) {
      deletion.putAgainMs = clock.now() + againMs;
      const keepers = await records.announce(deletion.record);
      deletion.confirmed += keepers;
      deletion.isKept = keepers > 0;
    }
    await Promise.all(telling);
    // Whoever waits sees how far it is. Without news nobody is woken: two deletions would keep each other awake.
    if (deletion.confirmed > before) changes.notify();
  };

  const isOver = (deletion: Deletion): boolean => deletion.isKept && (deletion.untold.size === 0 || clock.now() > deletion.untilMs);

  const follow = async (deletion: Deletion): Promise<void> => {
    while (!isOver(deletion)) {
      await task.race(round(deletion));
      if (isOver(deletion)) break;
      const waits = !deletion.isKept || live(deletion).length > 0;
      await task.race(changes.next(waits ? againMs : lookMs));
    }
    await ownFiles.delete(deletion.id);
  };

  const followed = (deletion: Deletion): Deletion => {
    follow(deletion).catch((error: unknown) => {
      if (errorCode(error) !== 'cancelled') log('error', 'deletion not followed up', { code: errorCode(error) });
    });
    return deletion;
  };

  /** Durable here before anyone hears of it: what was begun is gone on with after any end. */
  const begin = async ({ id, own, sentTo, record: shown }: Owned): Promise<Deletion> => {
    let known = shown;
    // Who holds it may not be known here yet: its tombstone alone would not say.
    if (known === undefined) await task.race(records.lookUp(objectKeys(own.writeSeed).objectKey, (record) => (known = record)));
    const holders = new Set([...sentTo, ...(known?.heads ?? []).flatMap(({ claims }) => [...claims.keys()])]);
    holders.delete(links.self);
    const endMs = (known?.heads ?? []).reduce((most, head) => Math.max(most, leaseOf(known!, head.descriptor, clock.now())), clock.now());
    const deletion = await prepare(id, own, holders, endMs + policy.graceMs);
    await save(deletion);
    await records.merge(deletion.record);
    return deletion;
  };

  const beginOnce = (file: Owned): Promise<Deletion> => {
    const deletion = begun.get(file.id) ?? begin(file).then(followed);
    begun.set(file.id, deletion);
    deletion.catch(() => begun.delete(file.id));
    return deletion;
  };

  /** Waits for those who are live and for a keeper; alone there is nobody to wait for, and then somebody must have heard of it before. */
  const settle = async (deletion: Deletion): Promise<void> => {
    const hadHolders = deletion.untold.size > 0;
    const isSettled = (): boolean =>
      live(deletion).length === 0 && (deletion.isKept || (links.sessions().length === 0 && (!hadHolders || deletion.confirmed > 0)));
    while (!isSettled()) await task.race(changes.next());
  };

  /** Waits for as long as a person does; throws what kept those from confirming who are there. `then` is called whenever they have. */
  const confirmed = async (deletion: Deletion, then = (): void => {}): Promise<void> => {
    let isOver = false;
    const settled = settle(deletion).then(() => {
      isOver = true;
      then();
    });
    await within(clock, patienceMs, settled);
    if (isOver) return;
    const left = live(deletion).length;
    throw (
      deletion.refusal ??
      (left > 0
        ? new ShoalError('timeout', `${left} of its holders have not confirmed yet. They are asked again.`)
        : new ShoalError('not-enough-peers', 'Nobody is there to be told that it is deleted. Who comes is told.'))
    );
  };

  return {
    async start() {
      for (const { id, file } of await ownFiles.list()) {
        if (file.state !== ownStates.deleted || begun.has(id)) continue;
        const { untold = [], untilMs = 0 } = file.deletion ?? {};
        const going = prepare(id, file, untold.map(toHex), untilMs).then(async (deletion) => {
          await records.merge(deletion.record);
          return followed(deletion);
        });
        begun.set(id, going);
        await going;
      }
    },
    async remove(id) {
      const file = files.owned().find((each) => each.id === id);
      if (file === undefined) throw new ShoalError('not-found', 'There is no such file here: only its owner can delete it.');
      if (file.state === 'failed' || file.state === 'cancelled') {
        await files.discard(id);
        const left = await begun.get(id);
        return left && confirmed(left);
      }
      if (file.state === 'stored' && isUnderWay(file.replacing))
        throw new ShoalError('busy', 'A new version of this file is being stored: cancel that first.');
      if (file.state !== 'stored' && file.state !== 'deleting')
        throw new ShoalError('busy', 'This file is being stored: cancel that first.');
      files.show(id, 'deleting');
      const deletion = await beginOnce(file).catch((error: unknown) => {
        files.show(id, 'stored');
        throw error;
      });
      await confirmed(deletion, () => files.removed(id));
    },
    async abandon(file) {
      const hasClaims = file.record?.heads.some(({ claims }) => claims.size > 0) === true;
      // Without a claim somebody may hold something all the same: who was sent a whole shard, and whose answer never came.
      if (begun.has(file.id) || hasClaims || file.own.sent !== undefined) return void (await beginOnce(file));
      await ownFiles.delete(file.id);
      await records.forget(toHex(recordKeyOf(objectKeys(file.own.writeSeed).objectKey)));
    },
  };
}

/** What a person who deletes is told, for each refusal (SPEC REQ-5). */
function refusalOf(error: unknown): ShoalError {
  const code = errorCode(error);
  if (code === 'stale')
    return new ShoalError(code, 'A holder’s clock and the one here differ by more than 5 minutes: it refused to delete.');
  if (code === 'too-new') return new ShoalError(code, 'A holder runs an older version of Shoal, which cannot delete yet.');
  return new ShoalError(code, error instanceof Error ? error.message : 'A holder refused to delete.');
}
