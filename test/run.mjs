/**
 * `npm test`: installs what the tests need, then runs every stage and prints one closing line.
 * Plain JavaScript, because it runs before anything is installed.
 *
 *   npm test                     all stages
 *   npm test -- unit host        the named stages only
 *
 * Each stage writes its counts to a file; a stage that writes none counts as one passed or failed check. Stages that use a
 * single core most of the time run two at a time; each prints what it has to say when it ends.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { installPackages, root } from '../src/build/setup.mjs';
import { installSoftwareVulkan, vulkanEnvironment } from './softwareVulkan.mjs';
import { installSystemPackages } from './systemPackages.mjs';
import { nodeForOldestVersion, shippedNode } from './nodeVersions.mjs';

const mochaFlags = ['--reporter', 'test/kit/reporter.cjs'];
const tsx = ['--import', 'tsx'];
/** As many as the machine has cores where CI runs. */
const stagesAtATime = 2;
const mocha = 'node_modules/mocha/bin/mocha.js';
const coreTests = [
  'test/golden/**/*.test.ts',
  'test/unit/**/*.test.ts',
  'test/conformance/**/*.test.ts',
  'test/training/**/*.test.ts',
];

/**
 * What an older V8 may do otherwise: generated code and its bits. All else is the same JavaScript, as is the reference, which
 * works step by step and is the slowest.
 */
const engineTests = [
  ...['--fgrep', 'on reference', '--invert'],
  'test/golden/**/*.test.ts',
  'test/unit/{backends,codegen,random}/**/*.test.ts',
  'test/conformance/**/*.test.ts',
  'test/training/**/*.test.ts',
];

const mochaStage = (node, ...globs) => [node, ...tsx, mocha, ...mochaFlags, ...globs];

/** In their order; those of an inner list run beside each other. */
function stages() {
  const node = process.execPath;
  const sources = ['src', 'webviews', 'test'];
  const prettier = [node, 'node_modules/prettier/bin/prettier.cjs', '--check', '--log-level=warn'];
  return [
    [{ name: 'types', command: [node, 'node_modules/typescript/bin/tsc', '-b'] }],
    [{ name: 'build', command: [node, ...tsx, 'src/build/esbuild.ts'] }],
    // It measures.
    [{ name: 'activation', command: mochaStage(node, 'test/activation/**/*.test.ts') }],
    [
      { name: 'unit, shipped Node', command: mochaStage(shippedNode(), ...coreTests) },
      { name: 'engine, Node 20', command: mochaStage(nodeForOldestVersion(), ...engineTests) },
      { name: 'lint', command: [node, 'node_modules/eslint/bin/eslint.js', ...sources] },
      {
        name: 'webgpu',
        command: mochaStage(shippedNode(), 'test/webgpu/**/*.test.ts'),
        env: vulkanEnvironment(),
      },
      { name: 'cli', command: mochaStage(node, 'test/cli/**/*.test.ts') },
      { name: 'protocol', command: mochaStage(node, 'test/protocol/**/*.test.ts') },
      { name: 'azure', command: mochaStage(node, 'test/azure/**/*.test.ts') },
      // TensorFlow's native addon works on Node 20 and 22, so what runs through it is held to one of them.
      { name: 'tfjs', command: mochaStage(nodeForOldestVersion(), 'test/tfjs/**/*.test.ts') },
      { name: 'format', command: [...prettier, ...sources] },
      { name: 'architecture', command: mochaStage(node, 'test/architecture/**/*.test.ts') },
    ],
    [{ name: 'host', command: [node, ...tsx, 'test/host/runHost.ts'] }],
    [{ name: 'ui', command: [node, ...tsx, 'test/ui/runUi.ts'] }],
  ];
}

/** Runs one stage; its counts, from the results file where it wrote one. @param isAlone shows its output as it comes. */
async function runStage({ name, command, env = {} }, isAlone) {
  const resultsFile = path.join(
    root,
    'out',
    'test-results',
    `${name.replaceAll(/\W+/g, '-')}.json`,
  );
  rmSync(resultsFile, { force: true });
  const started = Date.now();
  process.stdout.write(`\n== ${name}${isAlone ? '' : ' begins'}\n`);
  const [program, ...args] = command;
  const stdio = isAlone ? ['ignore', 'inherit', 'inherit'] : ['ignore', 'pipe', 'pipe'];
  const child = spawn(program, args, {
    cwd: root,
    stdio,
    env: {
      ...process.env,
      ...env,
      TRAINBENCH_TEST_RESULTS: resultsFile,
      OPENBLAS_NUM_THREADS: '1',
    },
  });
  const said = [];
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (data) => said.push(data));
  const [status] = await once(child, 'close');
  const counts = existsSync(resultsFile)
    ? JSON.parse(readFileSync(resultsFile, 'utf8'))
    : { passed: status === 0 ? 1 : 0, failed: status === 0 ? 0 : 1, skipped: 0 };
  // A stage that died after writing good counts has failed all the same.
  if (status !== 0 && counts.failed === 0) counts.failed = 1;
  const seconds = ((Date.now() - started) / 1000).toFixed(1);
  process.stdout.write(
    `${Buffer.concat(said)}== ${name}: ${counts.passed} ok, ${counts.failed} not ok, ${counts.skipped} left out (${seconds} s)\n`,
  );
  return { name, seconds, ...counts };
}

/** Runs stages beside each other, in their order; the results in the same order. */
async function runBeside(group) {
  const results = [];
  const waiting = [...group.entries()];
  const lane = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const [index, stage] = next;
      results[index] = await runStage(stage, group.length === 1);
    }
  };
  await Promise.all(Array.from({ length: stagesAtATime }, lane));
  return results;
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
const isWanted = ({ name }) => wanted.length === 0 || wanted.some((w) => name.includes(w));
const results = [];
for (const group of stages()) results.push(...(await runBeside(group.filter(isWanted))));
process.exitCode = report(results) ? 0 : 1;
