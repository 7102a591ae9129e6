import { describe, expect, it } from 'vitest';
import { type CborMap, decodeCbor, encodeCbor } from '../../src/core/bytes/cbor.ts';
import { fromHex, toHex, toUtf8 } from '../../src/core/bytes/text.ts';
import { nodeId } from '../../src/core/crypto/keys.ts';
import { ed25519PublicKey, ed25519Sign } from '../../src/core/crypto/ed25519.ts';
import { encodeSigned, signingBytes } from '../../src/core/object/signed.ts';
import { bitmapOf, claimLabel, encodeClaimBody, parseClaim } from '../../src/core/record/claim.ts';
import { joinRecords } from '../../src/core/record/record.ts';
import { encodeRenewalBody, parseRenewal, renewalLabel } from '../../src/core/record/renewal.ts';
import { decodeRecord, encodeRecord, encodeStored, stampOf } from '../../src/core/record/stored.ts';
import { encodeTombstoneBody, parseTombstone, tombstoneLabel } from '../../src/core/record/tombstone.ts';
import { encodeRequestBody, parseRequest, requestLabel } from '../../src/core/wire/envelope.ts';
import { decodeFrame, encodeFrame, frameTypes } from '../../src/core/wire/frame.ts';
import { decodeHello, encodeHello, handshakeLabels, sessionId, transcript } from '../../src/core/wire/handshake.ts';
import { encodeHeartbeatBody, heartbeatLabel, parseHeartbeat } from '../../src/core/wire/heartbeat.ts';
import { decodeDigest, encodeDigest } from '../../src/core/wire/digest.ts';
import { digestBody, heartbeatsBody } from '../../src/core/wire/kinds.ts';
import { controlFrames, decodeMessage, encodeMessage } from '../../src/core/wire/message.ts';
import { verifyRecord } from '../../src/peer/verify.ts';
import { nobleCrypto } from '../../src/platform/memory/crypto.ts';
import { hashOf, vectors } from './vectors.ts';

interface Wire {
  frames: { name: string; type: keyof typeof frameTypes; last: boolean; stream: number; sequence: number; payload: string; frame: string }[];
  messages: { name: string; kind: number; id: number; body: string; message: string; frame: string }[];
  handshake: Record<'seedI' | 'seedR' | 'fingerprintI' | 'fingerprintR' | 'nonceI' | 'nonceR', string> &
    Record<'versionsI' | 'versionsR' | 'featuresI' | 'featuresR', number[]> &
    Record<'swarm' | 'helloI' | 'helloR' | 'transcript' | 'signatureR' | 'signatureI' | 'sessionId', string>;
  request: Record<'ownerSeed' | 'swarm' | 'audience' | 'sessionId' | 'covered' | 'bodyHash' | 'body' | 'signed', string> &
    Record<'kind' | 'sequence' | 'ts', number>;
  claim: Record<'ownerSeed' | 'holderSeed' | 'contentRoot' | 'body' | 'signed', string> &
    Record<'seq' | 'count' | 'issuedMs' | 'expiresMs' | 'durability' | 'persisted', number> & { bits: number[] };
  renewal: Record<'ownerSeed' | 'body' | 'signed', string> & { leaseMs: number };
  tombstone: Record<'ownerSeed' | 'body' | 'signed', string> & { upTo: number };
  record: Record<'recordKey' | 'renewal' | 'tombstone' | 'encoded' | 'stamp', string> & { heads: { descriptor: string; claims: string[] }[] };
  heartbeat: SaidHeartbeat;
  headlessHeartbeat: SaidHeartbeat & Record<'domain' | 'region', string>;
}

type SaidHeartbeat = Record<'nodeSeed' | 'body' | 'signed', string> &
  Record<'incarnation' | 'seq' | 'class' | 'capacity' | 'used' | 'reserved' | 'headroom' | 'ts', number>;

const wire = vectors<Wire>('wire');
const publicKey = (seed: string): Uint8Array => ed25519PublicKey(fromHex(seed));
const sign = (seed: string, label: string, body: Uint8Array): Uint8Array => ed25519Sign(fromHex(seed), signingBytes(label, body));
const signed = (seed: string, label: string, body: Uint8Array): string => toHex(encodeSigned(body, sign(seed, label, body)));

describe('wire.json', () => {
  it.each(wire.frames)('[WIRE-1] frame: $name', ({ type, last, stream, sequence, payload, frame }) => {
    const fields = { type: frameTypes[type], last, stream, sequence, payload: fromHex(payload) };
    expect(toHex(encodeFrame(fields))).toBe(frame);
    expect(decodeFrame(fromHex(frame))).toEqual(fields);
  });

  it.each(wire.messages)('[WIRE-3] message: $name', ({ kind, id, body, message, frame }) => {
    const fields = { kind, id, body: decodeCbor(fromHex(body)) as CborMap };
    expect(toHex(encodeMessage(fields))).toBe(message);
    expect(decodeMessage(fromHex(message))).toEqual(fields);
    expect(controlFrames(fromHex(message)).map(toHex)).toEqual([frame]);
  });

  it('[HAND-1, HAND-2, HAND-3] handshake', () => {
    const h = wire.handshake;
    const i = { hello: { versions: h.versionsI, publicKey: publicKey(h.seedI), nonce: fromHex(h.nonceI), features: h.featuresI }, fingerprint: h.fingerprintI };
    const r = { hello: { versions: h.versionsR, publicKey: publicKey(h.seedR), nonce: fromHex(h.nonceR), features: h.featuresR }, fingerprint: h.fingerprintR };
    expect(nodeId(i.hello.publicKey) < nodeId(r.hello.publicKey)).toBe(true);
    expect([toHex(encodeHello(i.hello)), toHex(encodeHello(r.hello))]).toEqual([h.helloI, h.helloR]);
    expect(decodeHello(fromHex(h.helloR), [1])).toEqual(r.hello);
    const hash = transcript(h.swarm, i, r);
    expect([toHex(hash), toHex(sessionId(hash))]).toEqual([h.transcript, h.sessionId]);
    // The labels as they stand in the specification, not as the code has them.
    expect(toHex(ed25519Sign(fromHex(h.seedR), new Uint8Array([...toUtf8('shoal/handshake/1/R'), 0, ...hash])))).toBe(h.signatureR);
    expect(toHex(sign(h.seedI, handshakeLabels.initiator, hash))).toBe(h.signatureI);
  });

  it('[REQ-1] signed request', () => {
    const r = wire.request;
    expect(hashOf(fromHex(r.covered))).toBe(r.bodyHash);
    const request = {
      kind: r.kind,
      swarm: r.swarm,
      from: publicKey(r.ownerSeed),
      audience: fromHex(r.audience),
      sessionId: fromHex(r.sessionId),
      sequence: r.sequence,
      ts: r.ts,
      bodyHash: fromHex(r.bodyHash),
    };
    expect(toHex(encodeRequestBody(request))).toBe(r.body);
    expect(signed(r.ownerSeed, requestLabel, fromHex(r.body))).toBe(r.signed);
    expect(parseRequest(fromHex(r.signed)).request).toEqual(request);
    expect(toHex(encodeCbor(decodeCbor(fromHex(r.covered))))).toBe(r.covered);
  });

  it('[CLAIM-1, CLAIM-3] claim', () => {
    const { ownerSeed, holderSeed, contentRoot, bits, count, body, signed: whole, ...numbers } = wire.claim;
    const claim = { objectKey: publicKey(ownerSeed), contentRoot: fromHex(contentRoot), holder: publicKey(holderSeed), bitmap: bitmapOf(bits, count), ...numbers };
    expect(toHex(encodeClaimBody(claim))).toBe(body);
    expect(signed(holderSeed, claimLabel, fromHex(body))).toBe(whole);
    expect(parseClaim(fromHex(whole)).claim).toEqual(claim);
  });

  it('[RENEW-1, TOMB-1] renewal and tombstone', () => {
    const { renewal: r, tombstone: t } = wire;
    const renewal = { objectKey: publicKey(r.ownerSeed), leaseMs: r.leaseMs };
    expect(toHex(encodeRenewalBody(renewal))).toBe(r.body);
    expect(signed(r.ownerSeed, renewalLabel, fromHex(r.body))).toBe(r.signed);
    expect(parseRenewal(fromHex(r.signed)).renewal).toEqual(renewal);
    const tombstone = { objectKey: publicKey(t.ownerSeed), upTo: t.upTo };
    expect(toHex(encodeTombstoneBody(tombstone))).toBe(t.body);
    expect(signed(t.ownerSeed, tombstoneLabel, fromHex(t.body))).toBe(t.signed);
    expect(parseTombstone(fromHex(t.signed)).tombstone).toEqual(tombstone);
  });

  it('[REC-1, REC-2, FMT-1] record: its parts, joined in any order, and nothing else', async () => {
    const { recordKey, heads, renewal, tombstone, encoded, stamp } = wire.record;
    const record = await verifyRecord(nobleCrypto(), fromHex(encoded), (_, event) => expect.fail(event), async () => undefined, Number.MAX_SAFE_INTEGER);
    expect({ recordKey: record.recordKey, versions: record.heads.map(({ descriptor }) => descriptor.version) }).toEqual({ recordKey, versions: [3, 2] });
    const parts = [
      ...heads.map((head) => ({ heads: [{ descriptor: fromHex(head.descriptor), claims: head.claims.map(fromHex) }] })),
      { heads: [], renewal: fromHex(renewal) },
      { heads: [], tombstone: fromHex(tombstone) },
    ].map((part) => decodeRecord(encodeStored(part)));
    for (const order of [parts, parts.toReversed()]) expect(toHex(encodeRecord(order.reduce(joinRecords)))).toBe(encoded);
    expect(toHex(stampOf(fromHex(encoded)))).toBe(stamp);
  });

  it.each(['heartbeat', 'headlessHeartbeat'] as const)('[BEAT-1, BEAT-6] %s', (name) => {
    const { nodeSeed, body, signed: whole, ...said } = wire[name];
    const heartbeat = { node: publicKey(nodeSeed), ...said };
    expect(toHex(encodeHeartbeatBody(heartbeat))).toBe(body);
    expect(signed(nodeSeed, heartbeatLabel, fromHex(body))).toBe(whole);
    expect(parseHeartbeat(fromHex(whole)).heartbeat).toEqual(heartbeat);
  });

  it('[DIGEST-1, DIGEST-2] digest and heartbeats passed on', () => {
    const bodyOf = (name: string): CborMap => decodeMessage(fromHex(wire.messages.find((each) => each.name === name)!.message)).body;
    const known = [
      { node: '0a'.repeat(32), incarnation: 1_767_225_600_000, seq: 7 },
      { node: 'bb'.repeat(32), incarnation: Number.MAX_SAFE_INTEGER, seq: 0 },
    ];
    const { digest } = digestBody.read(bodyOf('digest'));
    expect(decodeDigest(digest)).toEqual(known);
    expect(toHex(encodeDigest(known))).toBe(toHex(digest));
    expect(heartbeatsBody.read(bodyOf('heartbeats')).signed.map(toHex)).toEqual([wire.heartbeat.signed]);
  });
});
