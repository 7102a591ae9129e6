// Every message of format 1 that is sent: those between peers by kind, those to and from the signaling server.
import { fromHex } from '../../dist/node/src/core/bytes/text.js';
import { nodeId } from '../../dist/node/src/core/crypto/keys.js';
import * as wire from '../../dist/node/src/core/wire/kinds.js';
import { encodeDigest } from '../../dist/node/src/core/wire/digest.js';
import { encodeMessage } from '../../dist/node/src/core/wire/message.js';
import { joinSigningBytes } from '../../dist/node/src/core/wire/signaling.js';
import { encodeKeys, encodeSyncDigest } from '../../dist/node/src/core/wire/sync-digest.js';
import { nodeCrypto } from '../../dist/node/src/platform/node/crypto.js';

const { kinds, firstNoticeKind, firstRequestKind } = wire;
const bodies = { ...wire };

/** Fields and bytes of a message of each kind, and of each form of an answer. `body` names its reader in core/wire/kinds.ts. */
export function messagesOf(object, { request, record, claim, renewal, tombstone, heartbeat }) {
  const statement = ({ signed }) => fromHex(signed);
  const place = { contentRoot: fromHex(object.contentRoot), segment: 0, shard: 1 };
  const records = [{ recordKey: record.recordKey, stamp: fromHex(record.stamp) }];
  const digest = encodeDigest([{ node: object.recordKey, incarnation: 3, seq: 2 ** 33 }]);
  const messages = [
    ['ok', 'emptyBody', {}],
    ['error', 'errorBody', { code: 'full', detail: 'This peer has no more disk space.' }],
    ['cancel', 'emptyBody', {}],
    ['heartbeat', 'heartbeatBody', { signed: statement(heartbeat) }],
    ['bye', 'emptyBody', {}],
    ['heartbeats', 'heartbeatsBody', { signed: [statement(heartbeat)] }],
    ['recordGet', 'recordGetBody', { recordKey: fromHex(record.recordKey) }],
    ['ok', 'recordGetOk', { record: fromHex(record.encoded) }],
    ['ok', 'recordGetOk', {}],
    ['recordPut', 'recordPutBody', { record: fromHex(record.encoded) }],
    ['store', 'storeBody', { request: statement(request), ...place, length: 1_088, descriptor: fromHex(object.descriptor) }],
    ['store', 'storeBody', { request: statement(request), ...place, length: 1_088 }],
    ['progress', 'storeProgress', { durable: 1_088 }],
    ['ok', 'storeOk', { claim: statement(claim) }],
    ['read', 'readBody', { ...place, first: 0, count: 1 }],
    ['ok', 'readOk', { proof: new Uint8Array(64).fill(7) }],
    ['digest', 'digestBody', { digest }],
    ['sync', 'syncBody', { digest: encodeSyncDigest(records) }],
    ['progress', 'syncProgress', { wanted: encodeKeys([record.recordKey]) }],
    ['ok', 'syncOk', { joined: 1 }],
    ['delete', 'deleteBody', { request: statement(request), tombstone: statement(tombstone) }],
    ['ok', 'deleteOk', { freed: 1_088 }],
    ['renew', 'renewBody', { items: [{ request: statement(request), renewal: statement(renewal) }] }],
    ['ok', 'renewOk', { items: [{ claim: statement(claim) }, { code: 'not-found' }, {}] }],
  ];
  return messages.map(([kind, body, fields], i) => ({
    ...{ kind, body, fields },
    message: encodeMessage({
      kind: kinds[kind],
      id: kinds[kind] >= firstNoticeKind && kinds[kind] < firstRequestKind ? 0 : i + 1,
      body: bodies[body].write(fields),
    }),
  }));
}

/** What a peer and the signaling server say to each other, and what the signature of the join is over. */
export async function signalingOf() {
  const signer = await nodeCrypto().signer(new Uint8Array(32).fill(0x5e));
  const challenge = 'c4'.repeat(32);
  const swarm = 'harbour';
  const key = Buffer.from(signer.publicKey).toString('hex');
  const node = nodeId(signer.publicKey);
  const signature = await signer.sign(joinSigningBytes(fromHex(challenge), swarm));
  const candidate = { type: 'candidate', candidate: 'candidate:1 1 udp 1 192.0.2.1 9 typ host', sdpMid: '0', sdpMLineIndex: 0 };
  const peer = { node, key, class: 'resident', domain: 'd0'.repeat(8), local: true };
  return {
    join: { challenge, swarm },
    fromPeer: [
      { t: 'join', v: 1, swarm, key, hints: { class: 'visitor' }, signature: Buffer.from(signature).toString('hex') },
      { t: 'knock', to: node },
      { t: 'signal', to: node, data: { type: 'offer', sdp: 'v=0\r\n' } },
      { t: 'signal', to: node, data: { type: 'answer', sdp: 'v=0\r\n' } },
      { t: 'signal', to: node, data: candidate },
      { t: 'signal', to: node, data: { ...candidate, sdpMid: null, sdpMLineIndex: null } },
      { t: 'alive' },
      { t: 'leave' },
    ],
    fromServer: [
      { t: 'challenge', challenge },
      {
        t: 'peers',
        you: node,
        peers: [peer, { node, key, class: 'anchor' }],
        ice: [{ urls: 'stun:stun.example:3478' }, { urls: ['turn:turn.example'], username: 'u', credential: 'c' }],
      },
      { t: 'joined', peer },
      { t: 'left', node },
      { t: 'knock', from: node },
      { t: 'signal', from: node, data: candidate },
      { t: 'alive' },
      { t: 'error', code: 'not-found', detail: 'nobody of that name is here', to: node },
      { t: 'error', code: 'busy', detail: 'too much at once' },
    ],
  };
}
