/**
 * What a suite came to, from the JSON its runner wrote. Pure. Every reader is strict in one direction: what cannot be proved to
 * have run and passed counts as failed.
 *
 * @typedef {{ passed: number, failed: number, skipped: number }} Count
 */

/** A step that only succeeds or fails, such as a compiler: one test. */
export function ofStep(exitCode) {
  return exitCode === 0 ? { passed: 1, failed: 0, skipped: 0 } : { passed: 0, failed: 1, skipped: 0 };
}

/** Vitest's JSON reporter. A file that failed before its first test counts as one failed test. */
export function ofVitest(report) {
  const brokenFiles = report.testResults.filter(
    (file) => file.status === 'failed' && !file.assertionResults.some(({ status }) => status === 'failed'),
  );
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + brokenFiles.length,
    skipped: report.numPendingTests + report.numTodoTests,
  };
}

/** Playwright's JSON reporter. A test that passed only when repeated failed; so did whatever went wrong outside a test. */
export function ofPlaywright(report) {
  const { expected, unexpected, flaky, skipped } = report.stats;
  return { passed: expected, failed: unexpected + flaky + (unexpected === 0 ? report.errors.length : 0), skipped };
}

/**
 * A count that the way the suite ended does not belie: one that ran no test, or that ended badly without saying which test
 * failed (a crash, an unhandled rejection, the time limit), has one failed test.
 */
export function settled(count, exitCode) {
  const silent = count.failed === 0 && (exitCode !== 0 || count.passed === 0);
  return silent ? { ...count, failed: 1 } : count;
}

/** The sum over suites. */
export function total(counts) {
  return counts.reduce(
    (sum, count) => ({ passed: sum.passed + count.passed, failed: sum.failed + count.failed, skipped: sum.skipped + count.skipped }),
    { passed: 0, failed: 0, skipped: 0 },
  );
}
