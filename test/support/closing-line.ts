/**
 * A reporter that ends a test run with one plain line: `N passed, N failed, N skipped`.
 * @module
 */
import type { Reporter, TestModule } from 'vitest/node';

/** Counts tests by state and prints the counts last. */
export class ClosingLine implements Reporter {
  /** Called by vitest when all tests have run. */
  onTestRunEnd(modules: readonly TestModule[]): void {
    const counts = { passed: 0, failed: 0, skipped: 0, pending: 0 };
    for (const module of modules) {
      if (module.state() === 'failed' && module.errors().length > 0) counts.failed++;
      for (const test of module.children.allTests()) counts[test.result().state]++;
    }
    const { passed, failed, skipped, pending } = counts;
    setImmediate(() => {
      process.stdout.write(`${passed} passed, ${failed + pending} failed, ${skipped} skipped\n`);
    });
  }
}
