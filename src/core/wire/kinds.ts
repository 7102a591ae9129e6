import type { CborMap } from '../bytes/cbor.ts';
import { bytes, fields, list, optional, text, uint } from '../bytes/fields.ts';
import type { Kind } from '../bytes/fields.ts';
import { descriptorBytesMax } from '../object/geometry.ts';
import {
  claimBytesMax,
  detailTextMax,
  digestBytesMax,
  heartbeatBytesMax,
  heartbeatsMax,
  proofBytesMax,
  recordBytesMax,
  renewalsMax,
  requestBytesMax,
  shardBytesMax,
  shardLeavesMax,
  statementBytesMax,
  syncDigestBytesMax,
  syncEntriesMax,
} from './limits.ts';

/**
 * The kinds of control messages (SPEC KIND-*): answers below 16, notices (no answer, request id 0) from 16, requests from 32.
 * A kind that is not known here is answered with the typed error `too-new`.
 */
export const kinds = {
  ok: 0,
  error: 1,
  progress: 2,
  cancel: 3,
  heartbeat: 16,
  bye: 17,
  heartbeats: 18,
  recordGet: 32,
  recordPut: 33,
  store: 34,
  read: 35,
  digest: 36,
  sync: 37,
  delete: 38,
  renew: 39,
} as const;

export const firstNoticeKind = 16;
export const firstRequestKind = 32;

/** Reader and writer of one message body. */
export interface BodyFormat<T> {
  /** The checked body. Throws `bad-input` for a missing, wrong or additional field. */
  read(body: CborMap): T;
  write(value: T): CborMap;
}

/** The body of `ok` where there is nothing to say, and of `cancel` and `bye`. */
export const emptyBody = body('empty body', fields({}));

/** `error`: code of core/errors.ts as text (a newer peer may send one unknown here), and one plain sentence. */
export const errorBody = body('error', fields({ code: [1, text(32)], detail: [2, text(detailTextMax)] }));

/** `heartbeat`: the signed form of core/wire/heartbeat.ts. */
export const heartbeatBody = body('heartbeat', fields({ signed: [1, bytes({ most: heartbeatBytesMax })] }));

/** `heartbeats`: signed heartbeats of other peers, passed on after digests were exchanged. */
export const heartbeatsBody = body('heartbeats', fields({ signed: [1, list(bytes({ most: heartbeatBytesMax }), heartbeatsMax)] }));

/** digest, and its `ok`: core/wire/digest.ts of the one who asks, then of the one asked. */
export const digestBody = body('digest', fields({ digest: [1, bytes({ most: digestBytesMax })] }));

export const recordGetBody = body('record-get', fields({ recordKey: [1, bytes(32)] }));

/** `ok` of record-get: the record as core/record/stored.ts writes it, absent when none is kept here. */
export const recordGetOk = body('record-get ok', fields({ record: [1, optional(bytes({ most: recordBytesMax }))] }));

/** record-put: a record in the same form, answered by an empty `ok` once it is kept durably. */
export const recordPutBody = body('record-put', fields({ record: [1, bytes({ most: recordBytesMax })] }));

/**
 * store: a signed request (core/wire/envelope.ts) whose body hash covers all other fields, the shard's place and length in bytes, and
 * the signed descriptor, once per link. The shard's bytes follow on the stream; its last flag is the commit.
 */
export const storeBody = body(
  'store',
  fields({
    request: [1, bytes({ most: requestBytesMax })],
    contentRoot: [2, bytes(32)],
    segment: [3, uint()],
    shard: [4, uint(0, 254)],
    length: [5, uint(1, shardBytesMax)],
    descriptor: [6, optional(bytes({ most: descriptorBytesMax }))],
  }),
);

/** `progress` of a store: bytes of the shard that are durable so far. */
export const storeProgress = body('store progress', fields({ durable: [1, uint(0, shardBytesMax)] }));

/** `ok` of a store: the holder's signed claim, sent only after the durable commit. */
export const storeOk = body('store ok', fields({ claim: [1, bytes({ most: claimBytesMax })] }));

/** read: `count` leaves of a shard from leaf `first`. The leaves come on the stream. */
export const readBody = body(
  'read',
  fields({
    contentRoot: [1, bytes(32)],
    segment: [2, uint()],
    shard: [3, uint(0, 254)],
    first: [4, uint(0, shardLeavesMax - 1)],
    count: [5, uint(1, shardLeavesMax)],
  }),
);

/** `ok` of a read: the multi-leaf proof of the leaves that went before it on the stream. */
export const readOk = body('read ok', fields({ proof: [1, bytes({ most: proofBytesMax })] }));

/** sync: record key (32) and stamp (16) of each record that the asker has to compare, by rising key. Records follow on the stream, both ways. */
export const syncBody = body('sync', fields({ digest: [1, bytes({ most: syncDigestBytesMax })] }));

/** `progress` of a sync, once and before all else: the keys of the records that the asked lacks or has another state of. */
export const syncProgress = body('sync progress', fields({ wanted: [1, bytes({ most: 32 * syncEntriesMax })] }));

/** `ok` of a sync: how many of the records sent are joined and kept durably. */
export const syncOk = body('sync ok', fields({ joined: [1, uint(0, syncEntriesMax)] }));

/** delete: a signed request that covers the rest, and the owner's signed tombstone. */
export const deleteBody = body(
  'delete',
  fields({ request: [1, bytes({ most: requestBytesMax })], tombstone: [2, bytes({ most: statementBytesMax })] }),
);

/** `ok` of a delete, once tombstone and removal are durable: bytes of shards freed. */
export const deleteOk = body('delete ok', fields({ freed: [1, uint()] }));

/** renew: for each object a signed request, which covers the rest of its item, and the owner's signed renewal. */
export const renewBody = body(
  'renew',
  fields({
    items: [
      1,
      list(fields({ request: [1, bytes({ most: requestBytesMax })], renewal: [2, bytes({ most: statementBytesMax })] }), renewalsMax),
    ],
  }),
);

/** `ok` of a renew, item by item: the holder's fresh claim where it holds something, and where it refused the code of the error. */
export const renewOk = body(
  'renew ok',
  fields({
    items: [1, list(fields({ claim: [1, optional(bytes({ most: claimBytesMax }))], code: [2, optional(text(32))] }), renewalsMax)],
  }),
);

function body<T>(name: string, kind: Kind<T>): BodyFormat<T> {
  return {
    read: (map) => kind.read(map, name),
    write: (value) => kind.write(value) as CborMap,
  };
}
