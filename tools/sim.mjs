// A swarm in a box: runs a whole simulated swarm with faults and checks its invariants from outside (docs/SIMULATION.md).
//   npm run -s sim -- --seed 1 --peers 30 --hours 1 --json
//   npm run -s sim -- --seed 1 --peers 30 --hours 5 --faults my-faults.json --json
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { buildModules, modulesAreStale } from './build.mjs';
import { answerOf } from './test/sim-words.mjs';

const usage = 'npm run -s sim -- --seed N --peers N --hours H [--faults calm|usual|harsh|FILE] [--busy N] [--real-signatures] [--json]';

const asked = readArguments();
if (modulesAreStale()) buildModules();
const { runSimulation, faultsOf } = await import('./test/sim-run.mjs');

try {
  const faults = faultsOf(asked.faults, (path) => readFileSync(path, 'utf8'));
  const { out, err, exitCode } = answerOf(asked, await runSimulation({ ...asked, faults }));
  process.stdout.write(out);
  process.stderr.write(err);
  process.exitCode = exitCode;
} catch (error) {
  if (error?.code !== 'bad-input') throw error;
  refuse(error.message);
}

function readArguments() {
  try {
    const { values } = parseArgs({
      options: {
        seed: { type: 'string', default: '1' },
        peers: { type: 'string', default: '30' },
        hours: { type: 'string', default: '1' },
        faults: { type: 'string', default: 'usual' },
        busy: { type: 'string', default: '1' },
        'real-signatures': { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
      },
    });
    const { seed, faults, json } = values;
    return {
      ...{ seed, faults, json, realSignatures: values['real-signatures'] },
      peers: numberOf('peers', values.peers),
      hours: numberOf('hours', values.hours),
      busy: numberOf('busy', values.busy),
    };
  } catch (error) {
    return refuse(error.message);
  }
}

function numberOf(name, text) {
  if (!/^\d+(\.\d+)?$/.test(text)) throw new Error(`--${name} is ${JSON.stringify(text)}; it must be a number.`);
  return Number(text);
}

function refuse(words) {
  process.stderr.write(`shoal: ${words}\n${usage}\n`);
  process.exit(2);
}
