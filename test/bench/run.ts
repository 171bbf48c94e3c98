/**
 * `npm run bench [-- PART ...]`: our core against its peers on the same rows, weights and machine, in one run. Peers
 * alternate over several rounds. Ratios are what to read; absolute times are of one machine in one sitting. Writes
 * test/bench/results.md; with names of parts only those (w1, w2, w3, augmentation, gemm, tfjs, batch, width, rows, answers; images, scaling).
 * `npm run bench -- --gpu` is another bench, of the GPU (gpu/gpuBench.ts).
 * Each part takes less than five minutes, waits for a quiet machine and says how quiet it was.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { findRuntime } from '../../src/coreProcess/runtime.ts';
import { pythonHas } from '../kit/python.ts';
import { answersSection } from './answersBench.ts';
import { augmentationSection } from './augmentationBench.ts';
import { runHere } from './gpu/gpuBench.ts';
import { gemmSection } from './gemmBench.ts';
import { imageSections } from './imageBench.ts';
import { countOthers, describeMachine, waitForQuiet } from './machine.ts';
import { groups, type Part, type Setting, withPart } from './part.ts';
import { batchSection, rowsSection, widthSection } from './scalingBench.ts';
import { digits } from './table.ts';
import { tfjsSection } from './tfjsBench.ts';
import { w1Section } from './w1Bench.ts';

const parts: Readonly<Record<string, Part>> = {
  w1: w1Section,
  w2: (setting) => imageSections(setting, 'w2'),
  w3: (setting) => imageSections(setting, 'w3'),
  augmentation: augmentationSection,
  gemm: gemmSection,
  tfjs: tfjsSection,
  'batch-w2': (setting) => batchSection(setting, 'w2'),
  'batch-w3': (setting) => batchSection(setting, 'w3'),
  'width-w2': (setting) => widthSection(setting, 'w2'),
  'width-w3': (setting) => widthSection(setting, 'w3'),
  rows: rowsSection,
  answers: answersSection,
};
const results = 'test/bench/results.md';
const intro = '# Benchmarks\n\nMade by `npm run bench`; how is said in run.ts.';

const folder = 'out/bench';
mkdirSync(folder, { recursive: true });
const setting: Setting = {
  node: findRuntime({ bundleFolder: path.resolve('dist') }).executable,
  folder,
  torchMissing: pythonHas('torch') ? null : 'PyTorch is not installed (python3-torch)',
};
const args = process.argv.slice(2);
if (args.includes('--gpu')) await runHere(args.filter((arg) => arg !== '--gpu'));
else for (const name of chosenParts(args)) await measurePart(name);

function chosenParts(args: readonly string[]): string[] {
  const names = args.length === 0 ? Object.keys(parts) : args.flatMap((arg) => groups[arg] ?? arg);
  const unknown = names.find((name) => !(name in parts));
  if (unknown === undefined) return names;
  const known = [...Object.keys(parts), ...Object.keys(groups)].join(', ');
  throw new Error(`there is no part "${unknown}": choose from ${known}`);
}

async function measurePart(name: string): Promise<void> {
  const quietness = await waitForQuiet();
  const others = countOthers();
  const section = await parts[name]!(setting);
  const busy = others();
  const meanwhile = busy === null ? '' : `, while it was measured ${digits(busy)}`;
  const date = new Date().toISOString().slice(0, 10);
  const note = `Measured on ${date} on ${describeMachine(setting.node)}; ${quietness}${meanwhile}.`;
  const known = existsSync(results) ? readFileSync(results, 'utf8') : '';
  const text = withPart(
    known,
    { name, body: `${section.trimEnd()}\n\n${note}` },
    Object.keys(parts),
  );
  writeFileSync(results, `${intro}\n\n${text}`);
  process.stdout.write(`${section}\n\n${note}\n\n`);
}
