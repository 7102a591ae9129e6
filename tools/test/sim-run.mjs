// One simulation by what `tsc -b` made of src/sim: for the command and the suite, which see to it that it is there.
import { namedFaults, readFaults } from '../../dist/node/src/sim/faults.js';
import { simulate } from '../../dist/node/src/sim/run.js';
import { nodeCrypto } from '../../dist/node/src/platform/node/crypto.js';
import { bestCoders } from '../../dist/node/workers/kernel/kernel.js';
import { turns } from './turns.mjs';

/** Runs one with the engine of Node. */
export function runSimulation(options) {
  return simulate({
    ...options,
    engine: nodeCrypto(),
    coder: bestCoders(),
    drain: turns(),
    realNow: () => performance.now(),
  });
}

/** The faults that a name, or a file of JSON, stands for. Throws `bad-input`. */
export function faultsOf(name, read) {
  if (Object.hasOwn(namedFaults, name)) return namedFaults[name];
  const refuse = (words) => Object.assign(new Error(words), { code: 'bad-input' });
  let text;
  try {
    text = read(name);
  } catch {
    throw refuse(`There are no faults named ${name}, and no file of that name; named are ${Object.keys(namedFaults).join(', ')}.`);
  }
  try {
    return readFaults(JSON.parse(text));
  } catch (error) {
    throw refuse(`The faults in ${name} cannot be read: ${error.message}`);
  }
}
