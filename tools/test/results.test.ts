import { describe, expect, it } from 'vitest';
import { ofPlaywright, ofStep, ofVitest, settled, total } from './results.mjs';

const vitest = { numPassedTests: 3, numFailedTests: 0, numPendingTests: 0, numTodoTests: 0, testResults: [] };
const stats = { expected: 3, unexpected: 0, flaky: 0, skipped: 0 };
const count = (passed: number, failed: number, skipped = 0) => ({ passed, failed, skipped });

describe('ofVitest', () => {
  it('counts tests, and a file that broke before its first test as one failed', () => {
    expect(ofVitest({ ...vitest, numPendingTests: 1 })).toEqual(count(3, 0, 1));
    const broken = { status: 'failed', assertionResults: [] };
    expect(ofVitest({ ...vitest, testResults: [broken] })).toEqual(count(3, 1));
  });

  it('counts a failed test once, not again for its file', () => {
    const file = { status: 'failed', assertionResults: [{ status: 'failed' }] };
    expect(ofVitest({ ...vitest, numFailedTests: 1, testResults: [file] })).toEqual(count(3, 1));
  });

  it('counts a file whose hook failed after its tests had passed', () => {
    const file = { status: 'failed', assertionResults: [{ status: 'passed' }] };
    expect(ofVitest({ ...vitest, testResults: [file] })).toEqual(count(3, 1));
  });
});

describe('ofPlaywright', () => {
  it('counts a flaky test as failed', () => {
    expect(ofPlaywright({ stats: { ...stats, flaky: 1 }, errors: [] })).toEqual(count(3, 1));
  });

  it('counts errors outside of tests', () => {
    expect(ofPlaywright({ stats: { ...stats, expected: 0 }, errors: [{}] })).toEqual(count(0, 1));
  });
});

describe('settled', () => {
  it('fails a suite that ran nothing, crashed without a word, or left no report', () => {
    expect(settled(count(0, 0), 0)).toEqual(count(0, 1));
    expect(settled(count(0, 0, 5), 0)).toEqual(count(0, 1, 5));
    expect(settled(count(9, 0), 1)).toEqual(count(9, 1));
  });

  it('adds nothing to a suite that said what failed, or that passed', () => {
    expect(settled(count(9, 2), 1)).toEqual(count(9, 2));
    expect(settled(count(9, 0), 0)).toEqual(count(9, 0));
  });
});

it('a step is one test, and the total adds up all suites', () => {
  expect(total([ofStep(0), ofStep(2), count(5, 1, 2)])).toEqual(count(6, 2, 2));
});
