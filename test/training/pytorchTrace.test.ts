/**
 * The penguins lab as the lab does it, from its seeds alone, held against PyTorch: initial weights bit for bit,
 * gradients of the first step, the first 200 losses, the final weights and the accuracy.
 * The trace is stored (test/fixtures/pytorch, with its script) and made anew where PyTorch is installed.
 */
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Backend } from '../../src/core/backends/backend.ts';
import { createReferenceBackend } from '../../src/core/backends/reference/referenceBackend.ts';
import { createWasmBackend } from '../../src/core/backends/wasm/wasmBackend.ts';
import { listCheckpoints, readCheckpoint } from '../../src/core/runs/checkpoints.ts';
import { readColumns } from '../../src/core/runs/openRun.ts';
import { startRun } from '../../src/core/train/run.ts';
import type { TrainingRun } from '../../src/core/train/trainingRun.ts';
import type { EpochRecord, RunEnd } from '../../src/shared/protocol/core.ts';
import { pythonHas, runPython } from '../kit/python.ts';

type ByParameter = Readonly<Record<string, readonly number[]>>;

interface PrecisionTrace {
  readonly initial: ByParameter;
  readonly gradients: ByParameter;
  readonly losses: readonly number[];
  readonly epochs: readonly { loss: number; val_loss: number; correct: number; rows: number }[];
  readonly final: ByParameter;
}

interface Trace {
  readonly rows: readonly [number, number];
  readonly float32: PrecisionTrace;
  readonly float64: PrecisionTrace;
}

interface Outcome {
  readonly end: RunEnd;
  readonly losses: readonly number[];
  readonly epochs: readonly EpochRecord[];
  readonly weights: ByParameter;
}

const config = 'samples/penguins/penguins-lab.train.yaml';
const script = 'test/fixtures/pytorch/penguins_trace.py';
const stored = JSON.parse(readFileSync('test/fixtures/pytorch/penguins.json', 'utf8')) as Trace;
/** Our tensors [in, out] beside PyTorch's [out, in]. */
const parameters = ['fc1', 'fc2', 'fc3'].flatMap((layer) => [
  { ours: `${layer}/kernel`, torch: `${layer}.weight` },
  { ours: `${layer}/bias`, torch: `${layer}.bias` },
]);

describe('the penguins lab as the lab does it, against PyTorch', function () {
  this.timeout(240_000);
  let folder: string;
  before(() => (folder = mkdtempSync(path.join(os.tmpdir(), 'trainbench-'))));
  after(() => rmSync(folder, { recursive: true, force: true }));

  const begin = (createBackend: () => Promise<Backend>, epochs: number): Promise<TrainingRun> =>
    startRun({
      file: config,
      createBackend,
      overrides: { outputDirectory: folder, epochs },
      startPaused: true,
    });

  it('has a stored trace that PyTorch still gives', function () {
    if (!pythonHas('torch') || !pythonHas('sklearn')) return this.skip();
    const live = JSON.parse(runPython(script, ['samples/penguins/penguins.csv'])) as Trace;
    assert.deepEqual(live.rows, stored.rows);
    assert.deepEqual(live.float32.initial, stored.float32.initial);
    assertRelative(live.float64.losses, stored.float64.losses, 1e-9, 'loss');
    assertRelative(live.float32.losses, stored.float32.losses, 1e-5, 'loss');
  });

  it('splits the rows as the lab does, with 957 for training and 411 for validation', async () => {
    const run = await begin(reference, 1);
    const { trainingRows, validationRows, diagnostics } = run.info;
    await run.stop();
    assert.deepEqual([trainingRows, validationRows], stored.rows);
    const leakage = diagnostics.find((d) => d.code === 'data.leakage');
    assert.match(leakage?.message ?? '', /39\d of 411/);
  });

  it('draws the initial weights of torch.manual_seed(0) bit for bit', async () => {
    const run = await begin(wasm, 1);
    const weights = await readWeights(run);
    await run.stop();
    for (const { ours, torch } of parameters) {
      assert.deepEqual(weights[ours], inOurLayout(stored.float32.initial[torch]!, ours, weights));
    }
  });

  for (const [name, backend, tolerance] of [
    ['reference in float64', reference, 1e-6],
    ['wasm', wasm, 1e-5],
  ] as const) {
    it(`computes the gradients of the first step on ${name}`, async () => {
      const run = await begin(backend, 1);
      const weights = await readWeights(run);
      await run.takeStep();
      await run.stop();
      const moments = await firstMoments(run.info.directory);
      for (const { ours, torch } of parameters) {
        const expected = inOurLayout(stored.float64.gradients[torch]!, ours, weights);
        const scale = Math.max(...expected.map(Math.abs));
        // After one Adam step the first moment is a tenth of the gradient.
        moments[ours]!.forEach((m, i) =>
          assert.ok(Math.abs(m * 10 - expected[i]!) <= tolerance * scale, `${ours}[${i}]`),
        );
      }
    });

    it(`follows the first 200 losses on ${name}`, async () => {
      const { losses } = await train(await begin(backend, 5));
      assertRelative(losses.slice(0, 200), stored.float64.losses, 1e-5, 'loss');
    });
  }

  it('ends at weights no farther from float64 than three times PyTorch float32', async () => {
    const { weights, end } = await train(await begin(wasm, 100));
    assert.equal(end.status, 'completed');
    const distance = { ours: 0, torch: 0 };
    for (const { ours, torch } of parameters) {
      const exact = inOurLayout(stored.float64.final[torch]!, ours, weights);
      const single = inOurLayout(stored.float32.final[torch]!, ours, weights);
      exact.forEach((value, i) => {
        distance.ours = Math.max(distance.ours, Math.abs(weights[ours]![i]! - value));
        distance.torch = Math.max(distance.torch, Math.abs(single[i]! - value));
      });
    }
    assert.ok(distance.ours <= 3 * distance.torch, `${distance.ours} against ${distance.torch}`);
  });

  it('reaches the accuracy of PyTorch within one row, and both losses fall together', async () => {
    const { epochs } = await train(await begin(wasm, 100));
    const [first, last, expected] = [epochs[0]!, epochs.at(-1)!, stored.float32.epochs.at(-1)!];
    const correct = last.metrics['val_accuracy']! * expected.rows;
    assert.ok(Math.abs(correct - expected.correct) <= 1.001, `${correct} of ${expected.rows}`);
    assertRelative([last.loss, last.val_loss!], [expected.loss, expected.val_loss], 1e-3, 'loss');
    assert.ok(last.loss < first.loss / 10 && last.val_loss! < first.val_loss! / 10);
  });
});

function reference(): Promise<Backend> {
  return Promise.resolve(createReferenceBackend({ precision: 'float64' }));
}

function wasm(): Promise<Backend> {
  return Promise.resolve(createWasmBackend());
}

/** Lets a paused run go to its end and gathers what it announced. */
async function train(run: TrainingRun): Promise<Outcome> {
  const epochs: EpochRecord[] = [];
  run.onEvent((event) => {
    if (event.kind === 'epochs') epochs.push(...event.records);
  });
  await run.continue();
  const end = await run.done;
  const losses = [...(await readColumns(run.info.directory))['loss']!];
  return { end, losses, epochs, weights: await readWeights(run) };
}

async function readWeights(run: TrainingRun): Promise<ByParameter> {
  const entries = parameters.map(async ({ ours }) => {
    const { values } = await run.readTensor(ours);
    return [ours, Array.from(values)] as const;
  });
  return Object.fromEntries(await Promise.all(entries));
}

/** Adam's first moments from the last checkpoint of a run, by parameter. */
async function firstMoments(directory: string): Promise<ByParameter> {
  const checkpoints = path.join(directory, 'checkpoints');
  const last = (await listCheckpoints(checkpoints)).findLast(({ kind }) => kind === 'last');
  assert.ok(last, 'a stopped run has a checkpoint');
  const { tensors } = await readCheckpoint(checkpoints, last);
  const moment = (name: string) => tensors.find((t) => t.name === `optimizer/${name}/m`);
  return Object.fromEntries(
    parameters.map(({ ours }) => [ours, Array.from(moment(ours)!.values as Float32Array)]),
  );
}

/** A Dense kernel transposed from [out, in]; a bias as it is. */
function inOurLayout(values: readonly number[], name: string, weights: ByParameter): number[] {
  if (!name.endsWith('/kernel')) return [...values];
  const outputs = weights[name.replace('kernel', 'bias')]!.length;
  const inputs = values.length / outputs;
  return values.map((_, i) => values[(i % outputs) * inputs + Math.floor(i / outputs)]!);
}

function assertRelative(
  actual: readonly number[],
  expected: readonly number[],
  tolerance: number,
  what: string,
): void {
  assert.equal(actual.length, expected.length, `number of values of ${what}`);
  actual.forEach((value, i) => {
    const error = Math.abs(value - expected[i]!) / Math.abs(expected[i]!);
    assert.ok(error <= tolerance, `${what} ${i}: ${value} against ${expected[i]!} (${error})`);
  });
}
