/**
 * `npm test`: installs what the tests need, then runs every stage and prints one closing line.
 * Plain JavaScript, because it runs before anything is installed.
 *
 *   npm test                     all stages
 *   npm test -- unit host        the named stages only
 *
 * Each stage writes its counts to a file; a stage that writes none counts as one passed or failed check.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { installPackages, root } from '../src/build/setup.mjs';
import { installSoftwareVulkan, vulkanEnvironment } from './softwareVulkan.mjs';
import { installSystemPackages } from './systemPackages.mjs';
import { nodeForOldestVersion, shippedNode } from './nodeVersions.mjs';

const mochaFlags = ['--reporter', 'test/kit/reporter.cjs'];
const tsx = ['--import', 'tsx'];
const mocha = 'node_modules/mocha/bin/mocha.js';
const coreTests = [
  'test/golden/**/*.test.ts',
  'test/unit/**/*.test.ts',
  'test/conformance/**/*.test.ts',
  'test/training/**/*.test.ts',
];

/** What an older V8 may do otherwise: generated code and its bits. All else is the same JavaScript. */
const engineTests = [
  'test/golden/**/*.test.ts',
  'test/unit/{backends,codegen,random}/**/*.test.ts',
  'test/conformance/**/*.test.ts',
  'test/training/**/*.test.ts',
];

const mochaStage = (node, ...globs) => [node, ...tsx, mocha, ...mochaFlags, ...globs];

function stages() {
  const node = process.execPath;
  return [
    { name: 'types', command: [node, 'node_modules/typescript/bin/tsc', '-b'] },
    {
      name: 'lint',
      command: [node, 'node_modules/eslint/bin/eslint.js', 'src', 'webviews', 'test'],
    },
    {
      name: 'format',
      command: [
        node,
        'node_modules/prettier/bin/prettier.cjs',
        '--check',
        '--log-level=warn',
        'src',
        'webviews',
        'test',
      ],
    },
    { name: 'build', command: [node, ...tsx, 'src/build/esbuild.ts'] },
    { name: 'activation', command: mochaStage(node, 'test/activation/**/*.test.ts') },
    { name: 'architecture', command: mochaStage(node, 'test/architecture/**/*.test.ts') },
    { name: 'unit, shipped Node', command: mochaStage(shippedNode(), ...coreTests) },
    { name: 'engine, Node 20', command: mochaStage(nodeForOldestVersion(), ...engineTests) },
    {
      name: 'webgpu',
      command: mochaStage(shippedNode(), 'test/webgpu/**/*.test.ts'),
      env: vulkanEnvironment(),
    },
    // TensorFlow's native addon works on Node 20 and 22, so what runs through it is held to one of them.
    { name: 'tfjs', command: mochaStage(nodeForOldestVersion(), 'test/tfjs/**/*.test.ts') },
    { name: 'azure', command: mochaStage(node, 'test/azure/**/*.test.ts') },
    { name: 'protocol', command: mochaStage(node, 'test/protocol/**/*.test.ts') },
    { name: 'cli', command: mochaStage(node, 'test/cli/**/*.test.ts') },
    { name: 'host', command: [node, ...tsx, 'test/host/runHost.ts'] },
    { name: 'ui', command: [node, ...tsx, 'test/ui/runUi.ts'] },
  ];
}

/** Runs one stage; its counts, from the results file where it wrote one. */
function runStage({ name, command, env = {} }) {
  const resultsFile = path.join(
    root,
    'out',
    'test-results',
    `${name.replaceAll(/\W+/g, '-')}.json`,
  );
  rmSync(resultsFile, { force: true });
  const started = Date.now();
  process.stdout.write(`\n== ${name}\n`);
  const [program, ...args] = command;
  const { status } = spawnSync(program, args, {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: {
      ...process.env,
      ...env,
      TRAINBENCH_TEST_RESULTS: resultsFile,
      OPENBLAS_NUM_THREADS: '1',
    },
  });
  const counts = existsSync(resultsFile)
    ? JSON.parse(readFileSync(resultsFile, 'utf8'))
    : { passed: status === 0 ? 1 : 0, failed: status === 0 ? 0 : 1, skipped: 0 };
  // A stage that died after writing good counts has failed all the same.
  if (status !== 0 && counts.failed === 0) counts.failed = 1;
  const seconds = ((Date.now() - started) / 1000).toFixed(1);
  process.stdout.write(
    `== ${name}: ${counts.passed} ok, ${counts.failed} not ok, ${counts.skipped} left out (${seconds} s)\n`,
  );
  return { name, seconds, ...counts };
}

function report(results) {
  for (const { name, failures = [] } of results) {
    for (const { title, error } of failures)
      process.stdout.write(`\nFAILED [${name}] ${title}\n${error}\n`);
  }
  const skips = results.flatMap(({ name, skips: titles = [] }) =>
    titles.map((title) => `[${name}] ${title}`),
  );
  if (skips.length > 0)
    process.stdout.write(`\nSkipped:\n${skips.map((s) => `  ${s}`).join('\n')}\n`);
  const total = (key) => results.reduce((sum, counts) => sum + counts[key], 0);
  process.stdout.write(
    `\n${total('passed')} passed, ${total('failed')} failed, ${total('skipped')} skipped\n`,
  );
  return total('failed') === 0 && total('passed') > 0;
}

installPackages();
installSystemPackages();
installSoftwareVulkan();
mkdirSync(path.join(root, 'out', 'test-results'), { recursive: true });
const wanted = process.argv.slice(2);
const chosen = stages().filter(
  ({ name }) => wanted.length === 0 || wanted.some((w) => name.includes(w)),
);
process.exitCode = report(chosen.map(runStage)) ? 0 : 1;
