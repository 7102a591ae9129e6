import type { Reporter, TestCase, TestResult, TestStep } from '@playwright/test/reporter';

const say = (line: string): void => void process.stdout.write(`${line}\n`);
const seconds = (ms: number): string => `${(ms / 1_000).toFixed(1)} s`;

/** Tells the tests as a story, one line a step, once the step has held. */
export default class StoryReporter implements Reporter {
  onTestBegin(test: TestCase): void {
    say(`\n${test.title.replace(/^\[[^\]]*\] /, '')}`);
  }

  onStepEnd(_test: TestCase, _result: TestResult, step: TestStep): void {
    if (step.category !== 'test.step') return;
    say(`  ${step.error === undefined ? '✓' : '✗'} ${step.title} (${seconds(step.duration)})`);
  }

  onTestEnd(_test: TestCase, result: TestResult): void {
    for (const { message = '' } of result.errors) say(message);
  }

  onEnd({ status }: { status: string }): void {
    say(status === 'passed' ? '\nAll of it holds.' : '\nThe story did not hold.');
  }
}
