// Our best kernel in a process of its own, built: isal.bench.ts starts it with the flag that an older Node wants for relaxed SIMD.
// Each message is how many ms to encode the data that it got first; the answer is bytes of data per microsecond.
import { bestCoders, bestCoding } from '../../dist/node/workers/kernel/kernel.js';

const [k, m] = [6, 3];
let room;

process.on('message', ({ data, ms }) => {
  if (data !== undefined) {
    room = bestCoders()(k, m).room(data.length / k);
    room.bytes.set(data);
    room.encode();
    process.send({ coding: bestCoding(), parity: room.bytes.slice(data.length) });
    return;
  }
  const begun = performance.now();
  let bytes = 0;
  let took;
  do {
    room.encode();
    bytes += k * room.blockLength;
    took = performance.now() - begun;
  } while (took < ms);
  process.send({ speed: bytes / (took * 1_000) });
});
process.on('disconnect', () => process.exit(0));
