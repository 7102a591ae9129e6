export interface Count {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}
export interface VitestReport {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly numTodoTests: number;
  readonly testResults: readonly { readonly status: string; readonly assertionResults: readonly { readonly status: string }[] }[];
}
export interface PlaywrightReport {
  readonly stats: { readonly expected: number; readonly unexpected: number; readonly flaky: number; readonly skipped: number };
  readonly errors: readonly unknown[];
}
export function ofStep(exitCode: number): Count;
export function ofVitest(report: VitestReport): Count;
export function ofPlaywright(report: PlaywrightReport): Count;
export function settled(count: Count, exitCode: number): Count;
export function total(counts: readonly Count[]): Count;
