// Makes the fixtures of format 1 (test/vectors/format-1, see test/vectors/README.md) with what is built in dist/node:
//   node tools/format-1/make.mjs
// They are what that version kept and sent, for every later one to read, so they are made once: where they are, it stops.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { toHex } from '../../dist/node/src/core/bytes/text.js';
import { messagesOf, signalingOf } from './messages.mjs';
import { databaseOf, makeHome } from './profile.mjs';

const vectors = fileURLToPath(new URL('../../test/vectors/', import.meta.url));
const folder = join(vectors, 'format-1');
const read = (name) => JSON.parse(readFileSync(join(vectors, `${name}.json`), 'utf8'));

/** JSON; bytes are {"hex": …}. */
const write = (name, value) => {
  const hexed = JSON.stringify(value, (_key, each) => (each instanceof Uint8Array ? { hex: toHex(each) } : each), 1);
  writeFileSync(join(folder, `${name}.json`), `${hexed}\n`);
};

if (existsSync(folder)) {
  process.stderr.write(`${folder} is there. Its files are never made anew: add others beside them.\n`);
  process.exitCode = 1;
} else {
  const wire = read('wire');
  const object = read('objects').cases.find(({ name }) => name === 'one-byte');
  mkdirSync(folder);
  const home = await makeHome(join(folder, 'home'), object, wire.record);
  const { values: _rows, ...contents } = home;
  write('home', { format: 1, ...contents });
  write('database', { format: 1, ...(await databaseOf(home)) });
  write('messages', { format: 1, cases: messagesOf(object, wire) });
  write('signaling', { format: 1, ...(await signalingOf()) });
}
