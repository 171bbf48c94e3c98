/**
 * Mocha reporter of every stage: dots while running, failures and skips in full at the end, and the counts
 * as JSON in the file that TRAINBENCH_TEST_RESULTS names, so that `npm test` can add the stages up.
 */
const { writeFileSync } = require('node:fs');
const Mocha = require('mocha');

module.exports = class StageReporter extends Mocha.reporters.Dot {
  constructor(runner, options) {
    super(runner, options);
    const results = { passed: 0, failed: 0, skipped: 0, failures: [], skips: [], files: [] };
    runner.on('pass', () => results.passed++);
    runner.on('pending', (test) => {
      results.skipped++;
      results.skips.push(test.fullTitle());
    });
    runner.on('fail', (test, error) => {
      results.failed++;
      results.failures.push({ title: test.fullTitle(), error: String(error?.stack ?? error) });
    });
    runner.once('end', () => {
      const file = process.env.TRAINBENCH_TEST_RESULTS;
      if (file) writeFileSync(file, JSON.stringify(results));
    });
  }
};
