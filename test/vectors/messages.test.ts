import { describe, expect, test } from 'vitest';
import { fromHex } from '../../src/core/bytes/text.ts';
import { clientMessage } from '../../src/core/wire/client-message.ts';
import { decodeDigest } from '../../src/core/wire/digest.ts';
import * as wire from '../../src/core/wire/kinds.ts';
import { decodeMessage } from '../../src/core/wire/message.ts';
import { readServerMessage } from '../../src/core/wire/server-message.ts';
import { type ClientMessage, joinSigningBytes, type ServerMessage } from '../../src/core/wire/signaling.ts';
import { decodeKeys, decodeSyncDigest } from '../../src/core/wire/sync-digest.ts';
import { nodeCrypto } from '../../src/platform/node/crypto.ts';
import { fixture } from './fixtures.ts';
import { vectors } from './vectors.ts';

const bodies = { ...wire };
type Body = { [N in keyof typeof bodies]: (typeof bodies)[N] extends { write: unknown } ? N : never }[keyof typeof bodies];

interface Message {
  readonly kind: keyof typeof wire.kinds;
  /** Who reads it, in core/wire/kinds.ts. */
  readonly body: Body;
  readonly fields: Readonly<Record<string, unknown>>;
  readonly message: Uint8Array;
}

const { cases } = fixture<{ cases: readonly Message[] }>('messages');
const { record } = vectors<{ record: { recordKey: string; stamp: string } }>('wire');

describe('format-1/messages.json', () => {
  test.each(cases)('[FMT-2, KIND-2] $kind, read by $body', ({ kind, body, fields, message }) => {
    const decoded = decodeMessage(message);
    expect(decoded.kind).toBe(wire.kinds[kind]);
    expect(bodies[body].read(decoded.body)).toEqual(fields);
  });

  test('[FMT-2] of every kind, and every form of body, there is one', () => {
    expect(new Set(cases.map(({ kind }) => kind))).toEqual(new Set(Object.keys(wire.kinds)));
    const forms = Object.entries(bodies).filter(([, each]) => typeof each === 'object' && 'write' in each);
    expect(new Set(cases.map(({ body }) => body))).toEqual(new Set(forms.map(([name]) => name)));
  });

  test('[FMT-2, DIGEST-1, SYNC-1] what digests and lists of keys name', () => {
    const bytesOf = (form: Body, field: string): Uint8Array => cases.find(({ body }) => body === form)!.fields[field] as Uint8Array;
    expect(decodeDigest(bytesOf('digestBody', 'digest'))).toEqual([{ node: expect.any(String), incarnation: 3, seq: 2 ** 33 }]);
    expect(decodeSyncDigest(bytesOf('syncBody', 'digest'))).toEqual([{ recordKey: record.recordKey, stamp: fromHex(record.stamp) }]);
    expect(decodeKeys(bytesOf('syncProgress', 'wanted'))).toEqual([record.recordKey]);
  });
});

interface Signaling {
  readonly join: { readonly challenge: string; readonly swarm: string };
  readonly fromPeer: readonly ClientMessage[];
  readonly fromServer: readonly ServerMessage[];
}

describe('format-1/signaling.json', () => {
  const { join, fromPeer, fromServer } = fixture<Signaling>('signaling');

  test.each(fromPeer)('[FMT-2, SGN-2] a peer says $t', (message) => {
    expect(clientMessage.parse(message)).toEqual(message);
  });

  test('[FMT-2, SGN-6] the join is signed', async () => {
    const joining = fromPeer.find((message) => message.t === 'join')!;
    const signed = joinSigningBytes(fromHex(join.challenge), join.swarm);
    expect(await nodeCrypto().verify(fromHex(joining.key), signed, fromHex(joining.signature))).toBe(true);
  });

  test.each(fromServer)('[FMT-2, SGN-3] the server says $t', (message) => {
    expect(readServerMessage(message)).toEqual(message);
  });
});
