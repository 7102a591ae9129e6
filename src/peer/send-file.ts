import { ciphertextLength } from '../core/crypto/chunks.ts';
import { objectKeys } from '../core/crypto/keys.ts';
import { ShoalError } from '../core/errors.ts';
import { contentRoot, type Descriptor, descriptorLabel, draftLabel, encodeDescriptorBody } from '../core/object/descriptor.ts';
import { maxCiphertextLength } from '../core/object/geometry.ts';
import { streamLength } from '../core/object/header.ts';
import { encodeSigned, signingBytes } from '../core/object/signed.ts';
import { chooseProfile, type Profile } from '../core/placement/profile.ts';
import { recordOf, type RecordState } from '../core/record/record.ts';
import type { Authority } from './authority.ts';
import type { Changes } from './changes.ts';
import type { Progress, Replacing } from './file-view.ts';
import type { Links } from './links/exchange.ts';
import type { Lenders } from './lenders.ts';
import type { Policy } from './policy.ts';
import type { Clock, Codec, Crypto, FileHandle, Log, Random } from './ports.ts';
import type { Records } from './records.ts';
import type { Task } from './task.ts';
import { createTurns } from './turns.ts';
import { retryMs, upload } from './upload.ts';

const saltBytes = 24;

/** A file to be sent to holders. */
export interface FileToSend {
  readonly handle: FileHandle;
  readonly name: string;
  readonly media: string;
  readonly mtime: number;
  /** How to cut it, where that is not left to the table (SPEC PLACE-1). */
  readonly profile?: Profile | undefined;
}

/** Bytes of its ciphertext. Throws `bad-input` for a name or media type that no header takes. */
export const sealedLength = ({ handle, name, media, mtime }: FileToSend): number =>
  ciphertextLength(streamLength({ name, media, size: handle.size, mtime }));

export interface SenderOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly crypto: Crypto;
  readonly links: Links;
  readonly records: Records;
  readonly authority: Authority;
  readonly codec: Codec;
  readonly log: Log;
  readonly changes: Changes;
  readonly lenders: Lenders;
  readonly policy: Pick<Policy, 'leaseMs'>;
}

/** Which version of an object is sent, and H of the body of the one that it replaces, where it does. */
export type Version = Pick<Descriptor, 'version' | 'previous'>;

/** How far a version is that is not stored yet. */
export type SendProgress = Pick<Replacing, keyof Progress>;

/** One version of an object to be sent, and who is told how that goes. */
export interface Sending {
  readonly writeSeed: Uint8Array;
  readonly file: FileToSend;
  /** Given up when it ends. */
  readonly task: Task;
  /** Asked once it is its turn and it is known who lends. */
  readonly version: () => Promise<Version>;
  readonly told: (progress: Partial<SendProgress>, what?: 'figures') => void;
  /** What holders take it under is signed, and nobody has heard of it yet; of a first version its link is valid now. */
  readonly signed: (descriptor: Descriptor, signedDescriptor: Uint8Array) => Promise<void>;
  /** `node` is about to have a whole shard, and may hold it from now on whatever becomes of its answer. */
  readonly handing: (node: string) => Promise<void>;
  /** The record of a first version with every claim so far; later ones have none before they are stored. */
  readonly claimed?: (record: RecordState) => void;
  /** Every shard is claimed, and it is a version from now on, of which the keepers are told as soon as this resolves. */
  readonly stored: (record: RecordState) => Promise<void>;
}

/**
 * Gives a function that seals, signs and stores one version of an object, all but the first as a draft until all of it is stored (SPEC
 * VER-6). It resolves when it is stored and a keeper knows of it (UP-5); throws `cancelled`,
 * `too-large`, `integrity` (the file changed) and what `version` throws.
 */
export function createSender(options: SenderOptions): (sending: Sending) => Promise<void> {
  const { clock, random, crypto, codec, changes, lenders, policy } = options;
  const turns = createTurns();

  /** (k, m) as asked for, or for the peers that lend storage now; waits while there is none, and then until those that come with the first are there. */
  const choose = async ({ told, task }: Sending, length: number, asked: Profile | undefined): Promise<Profile> => {
    await task.race(lenders.settled());
    while (lenders.candidates().length === 0) {
      told({ state: 'waiting' });
      await task.race(changes.next());
      await task.race(lenders.settled());
    }
    const profile = asked ?? chooseProfile(lenders.candidates().length, length);
    const most = maxCiphertextLength(profile.k, profile.m);
    if (length > most)
      throw new ShoalError('too-large', `This file has ${length} bytes sealed; the most that can be kept here is ${most}.`);
    return profile;
  };

  /** First pass and signature: what makes the link valid. */
  const seal = async (sending: Sending) => {
    const { task, told, writeSeed } = sending;
    const { handle, name, media, mtime, profile } = sending.file;
    const { k, m } = await choose(sending, sealedLength(sending.file), profile);
    told({ state: 'sealing' });
    const which = await task.race(sending.version());
    const { signSeed, objectKey, readKey } = objectKeys(writeSeed);
    const salt = random.bytes(saltBytes);
    const job = { file: handle, name, media, mtime, objectKey, readKey, salt, version: which.version, k, m };
    // A file on a drive that does not answer cannot be stopped being read, and is not waited for either.
    const opening = codec.seal(job);
    const sealer = await task.race(opening.then((opened) => (task.onEnd(() => opened.close()), opened)));
    const sealed = await task.race(sealer.commit((bytes) => told({ sealed: bytes }, 'figures')));
    const created = clock.now();
    const content = { objectKey, ...which, k, m, ciphertextLength: sealed.ciphertextLength, roots: sealed.roots };
    const descriptor: Descriptor = {
      ...content,
      contentRoot: contentRoot(content),
      createdMs: created,
      leaseMs: created + policy.leaseMs,
      class: 0,
      policy: { anchorsMin: 0, domainMax: Math.max(1, m) },
    };
    const owner = await crypto.signer(signSeed);
    const body = encodeDescriptorBody(descriptor);
    const signedAs = async (label: string): Promise<Uint8Array> => encodeSigned(body, await owner.sign(signingBytes(label, body)));
    return { owner, descriptor, signedAs, sealer };
  };

  return async (sending) => {
    const { file, task, told } = sending;
    const turn = await turns.take(file.handle.size, task);
    told({ state: 'sealing' });
    const { signedAs, ...sealed } = await seal(sending);
    const { descriptor } = sealed;
    const isDraft = descriptor.version > 1;
    const signedDescriptor = await signedAs(isDraft ? draftLabel : descriptorLabel);
    const n = descriptor.k + descriptor.m;
    await sending.signed(descriptor, signedDescriptor);
    told({ state: 'spreading' });
    const durable = new Map<number, number>();
    let bytesDurable = 0;
    const claimed = await upload({
      ...options,
      ...sealed,
      signedDescriptor,
      announce: isDraft ? undefined : options.records.announce,
      task,
      turn,
      candidates: () => lenders.candidates(),
      events: {
        durable(segment, shard, bytes) {
          const index = segment * n + shard;
          bytesDurable += bytes - (durable.get(index) ?? 0);
          durable.set(index, bytes);
          told({ bytesDurable }, 'figures');
        },
        handing: sending.handing,
        claimed: (record) => sending.claimed?.(record),
        state: (state) => told({ state }),
      },
    });
    const claims = claimed.heads.flatMap((head) => [...head.claims.values()]);
    const record = isDraft ? recordOf(await signedAs(descriptorLabel), descriptor, claims) : claimed;
    task.requireGoing();
    await sending.stored(record);
    // Of a file that only its owner can find nobody should hear that it is stored.
    while ((await task.race(options.records.announce(record))) === 0) {
      told({ state: 'waiting' });
      turn.rest();
      await task.race(changes.next(retryMs));
    }
  };
}
