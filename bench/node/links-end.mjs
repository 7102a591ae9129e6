// One end of the links of a peer, built: handshake, credit and window as shipped. Started twice by two-processes.ts.
import { nodeId } from '../../dist/node/src/core/crypto/keys.js';
import { emptyBody, kinds } from '../../dist/node/src/core/wire/kinds.js';
import { createLinks } from '../../dist/node/src/peer/links/links.js';
import { nodeCrypto, nodeRandom } from '../../dist/node/src/platform/node/crypto.js';
import { nodeDialer } from '../../dist/node/src/platform/node/dialer.js';
import { wallClock } from '../../dist/node/src/platform/wall-clock.js';

const pieceBytes = 262_144;
const say = (message) => process.send(message);
const crypto = nodeCrypto();
const random = nodeRandom();
const node = await crypto.signer(random.bytes(32));
let other = '';
let session;
let events;

const links = createLinks({
  clock: wallClock,
  random,
  crypto,
  identity: { node },
  dialer: nodeDialer(() => []),
  log: () => {},
  swarm: 'bench',
  signaling: {
    start(given) {
      events = given;
      events.state('joined');
      events.peers([{ node: other }]);
    },
    knock: () => say({ t: 'signal', data: { knock: true } }),
    signal: (_to, data) => say({ t: 'signal', data }),
    stop() {},
  },
  events: {
    opened(given) {
      session = given;
      say({ t: 'linked' });
    },
    closed() {},
    peers() {},
    signaling() {},
    refused() {},
    verdict() {},
  },
});
links.handle(kinds.store, async (incoming) => {
  while ((await incoming.receive()) !== undefined);
  return emptyBody.write({});
});

async function carry(bytes) {
  const piece = new Uint8Array(pieceBytes).fill(7);
  const beganMs = performance.now();
  const call = session.call(kinds.store, emptyBody.write({}), { deadlineMs: 600_000 });
  for (let sent = 0; sent < bytes; sent += pieceBytes) await call.send(piece);
  call.end();
  await call.result;
  say({ t: 'carried', ms: performance.now() - beganMs });
}

process.on('message', (message) => {
  if (message.t === 'link') {
    other = message.other;
    links.start();
  } else if (message.t === 'signal') {
    if (message.data.knock) events?.knock(other);
    else events?.signal(other, message.data);
  } else if (message.t === 'carry') {
    void carry(message.bytes);
  }
});
process.on('disconnect', () => process.exit(0));
say({ t: 'ready', hello: nodeId(node.publicKey) });
