import { describe, expect, test } from 'vitest';
import { figureOf, type Skipped } from '../../bench/figures.ts';
import { type Goal, type GoalId, goals } from '../../bench/goals.ts';
import { goalsOf, outcomesOf, type Result, type Run, statusOf } from './outcome.ts';

const machine = { cores: 2, model: 'made up', memoryGb: 8, system: 'Linux x64', node: '20.19.0', chromium: '156.0' };

function result(bench: string, medians: Partial<Record<GoalId, number>>, skipped: readonly Skipped[] = []): Result {
  const figures = Object.entries(medians).map(([goal, median]) =>
    figureOf({ name: goal, unit: 'times', goal: goal as GoalId, samples: Array<number>(5).fill(median) }),
  );
  return { bench, takenAt: '2026-01-02T03:04:05.000Z', machine, figures, skipped };
}

const only = (...ids: GoalId[]): readonly Goal[] => goals.filter(({ id }) => ids.includes(id));

function judged(wanted: readonly Goal[], runs: readonly Run[]) {
  const outcomes = outcomesOf(wanted, runs);
  return { verdicts: outcomes.map(({ verdict }) => verdict), status: statusOf(runs, outcomes) };
}

describe('a goal', () => {
  test('passes when the median reaches its bound, and falls short below it', () => {
    const wanted = only('node-transfer-by-bare');
    expect(judged(wanted, [result('peer', { 'node-transfer-by-bare': 0.6 })])).toEqual({ verdicts: ['pass'], status: 0 });
    expect(judged(wanted, [result('peer', { 'node-transfer-by-bare': 0.599 })])).toEqual({ verdicts: ['falls short'], status: 1 });
  });

  test('with a bound above passes up to it', () => {
    const wanted = only('kernel-bytes');
    expect(judged(wanted, [result('kernel-size', { 'kernel-bytes': 4_000 })])).toEqual({ verdicts: ['pass'], status: 0 });
    expect(judged(wanted, [result('kernel-size', { 'kernel-bytes': 4_001 })])).toEqual({ verdicts: ['falls short'], status: 1 });
  });

  test('that its bench did not give is not measured, and the run fails', () => {
    expect(judged(only('node-transfer-by-bare'), [result('peer', {})])).toEqual({ verdicts: ['not measured'], status: 1 });
    expect(judged(only('node-transfer-by-bare'), [])).toEqual({ verdicts: ['not measured'], status: 1 });
  });

  test('may be skipped where it is optional, and nowhere else', () => {
    const skip = (goal: GoalId): Skipped => ({ goal, skipped: 'no compiler' });
    const [outcome] = outcomesOf(only('rs-relaxed-by-isal'), [result('isal', {}, [skip('rs-relaxed-by-isal')])]);
    expect(outcome).toMatchObject({ verdict: 'skipped', why: 'no compiler' });
    expect(statusOf([], [outcome!])).toBe(0);
    expect(judged(only('kernel-bytes'), [result('kernel-size', {}, [skip('kernel-bytes')])])).toEqual({
      verdicts: ['not measured'],
      status: 1,
    });
  });
});

test('a bench that failed fails the run, and what the others measured counts all the same', () => {
  const runs = [{ bench: 'links', failed: 'no' }, result('peer', { 'node-transfer-by-bare': 0.7 })];
  expect(judged(only('node-transfer-by-bare'), runs)).toEqual({ verdicts: ['pass'], status: 1 });
});

test('chosen benches have to give their own goals, a whole run all of them', () => {
  expect(goalsOf(goals, ['ring'])).toEqual([]);
  expect(goalsOf(goals, ['ring', 'peer']).map(({ id }) => id)).toEqual(['node-transfer-by-bare']);
  expect(goalsOf(goals, 'all')).toHaveLength(goals.length);
});

test('every goal has one bound, and a name of its own', () => {
  for (const { id, atLeast, atMost } of goals)
    expect(
      [atLeast, atMost].filter((bound) => bound !== undefined),
      id,
    ).toHaveLength(1);
  expect(new Set(goals.map(({ id }) => id)).size).toBe(goals.length);
});
