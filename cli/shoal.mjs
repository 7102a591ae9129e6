#!/usr/bin/env node
// The `shoal` command. Only what very old versions of Node can read, too, so that they are told in words that they are too old.
import { existsSync } from 'node:fs';

const oldest = [20, 19];
const [major, minor] = process.versions.node.split('.').map(Number);
const checkout = new URL('../tools/checkout.mjs', import.meta.url);

if (major < oldest[0] || (major === oldest[0] && minor < oldest[1])) {
  process.stderr.write(
    `shoal: Node ${process.versions.node} is too old: Shoal needs ${oldest.join('.')} or newer, from nodejs.org or your package manager.\n`,
  );
  process.exitCode = 1;
} else if (existsSync(checkout)) {
  import(checkout.href).then(({ runInCheckout }) => runInCheckout(process.argv.slice(2))).catch(notWhole);
} else {
  import('../dist/command/main.js').catch(notWhole);
}

function notWhole(error) {
  process.stderr.write(`shoal: a part of it is missing or broken, install it again: ${error.message.split('\n')[0]}\n`);
  process.exitCode = 1;
}
