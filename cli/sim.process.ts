import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { answerOf } from '../tools/test/sim-words.mjs';

const command = fileURLToPath(new URL('../tools/sim.mjs', import.meta.url));

const sim = (...args: readonly string[]) => spawnSync(process.execPath, [command, ...args], { encoding: 'utf8', timeout: 100_000 });

const small = ['--seed', '7', '--peers', '3', '--hours', '0.5', '--json'];

test('[SIM-10] a run is one JSON object on standard output, and the same one for the same seed but for real time', () => {
  const [one, again] = [sim(...small), sim(...small)];
  expect([one.status, one.stderr]).toEqual([0, '']);
  const report = JSON.parse(one.stdout);
  expect(report).toMatchObject({
    schema: 'shoal.sim/1',
    seed: '7',
    simulatedHours: 0.5,
    events: expect.any(Number),
    faults: { crash: expect.any(Number) },
  });
  expect(report.invariants['read-equals-stored']).toEqual({ checks: expect.any(Number), violations: 0 });
  expect(JSON.parse(again.stdout).traceHash).toBe(report.traceHash);
});

test.each([
  [['--peers', 'x'], '--peers is "x"; it must be a number.'],
  [['--peers', '0'], 'There are 1 to 1000 peers'],
  [['--what'], "Unknown option '--what'"],
  [['--faults', 'none'], 'There are no faults named none, and no file of that name; named are calm, usual, harsh.'],
])('[SIM-10] what makes no sense is refused with status 2: %j', (args, words) => {
  const { status, stdout, stderr } = sim(...args);
  expect([status, stdout]).toEqual([2, '']);
  expect(stderr).toContain(words);
});

test('[SIM-10] a violation ends with status 1, the last lines of the trace, and the command that replays it', () => {
  const asked = { seed: '17', peers: 30, hours: 5, faults: 'test/faults/open-swarm.json', realSignatures: false, json: true };
  const violation = { invariant: 'tombstone-final', ms: 61_500, words: 'the record lost its tombstone', nodes: ['ab'.repeat(32)] };
  const { out, err, exitCode } = answerOf(asked, {
    report: { seed: '17' },
    violations: [violation],
    lines: ['61.400 s disk abababab put'],
  });
  expect([out, exitCode]).toEqual(['{"seed":"17"}\n', 1]);
  expect(err).toBe(
    [
      '61.500 s tombstone-final: the record lost its tombstone abababab',
      '',
      '61.400 s disk abababab put',
      '',
      'replay: npm run -s sim -- --seed 17 --peers 30 --hours 5 --faults test/faults/open-swarm.json --json',
      '',
    ].join('\n'),
  );
});
