/**
 * Mocha reporter of every stage: dots while running, failures and skips in full at the end, and the counts
 * as JSON in the file that TRAINBENCH_TEST_RESULTS names, so that `npm test` can add the stages up.
 * TRAINBENCH_TEST_TIMES=1 lists the slowest tests and hooks.
 */
const { writeFileSync } = require('node:fs');
const Mocha = require('mocha');

const listed = 20;

/** Prints the slowest at the end. */
function listSlowest(runner) {
  const times = [];
  const note = (test) => times.push([test.duration ?? 0, test.fullTitle()]);
  runner.on('pass', note);
  runner.on('hook end', note);
  runner.once('end', () => {
    const slowest = times.sort(([a], [b]) => b - a).slice(0, listed);
    for (const [ms, title] of slowest)
      process.stdout.write(`${(ms / 1000).toFixed(1).padStart(7)} s  ${title}\n`);
  });
}

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
    if (process.env.TRAINBENCH_TEST_TIMES) listSlowest(runner);
    runner.once('end', () => {
      const file = process.env.TRAINBENCH_TEST_RESULTS;
      if (file) writeFileSync(file, JSON.stringify(results));
    });
  }
};
