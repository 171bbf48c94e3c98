/** What the compiler makes of the penguins sample: a refactoring changes none of these texts. */
import { readFile } from 'node:fs/promises';
import { createWasmBackend } from '../../src/core/backends/wasm/wasmBackend.ts';
import { printProgram } from '../../src/core/ir/printer.ts';
import { simplify } from '../../src/core/passes/simplify.ts';
import { compileTraining } from '../../src/core/train/compileTraining.ts';
import { buildEpochProgram } from '../../src/core/train/epochProgram.ts';
import { prepareTraining, type PreparedTraining } from '../../src/core/train/prepareTraining.ts';
import { initialTensors } from '../../src/core/train/weights.ts';
import { checkGolden } from '../kit/golden.ts';

const file = 'samples/penguins/penguins.train.yaml';

describe('the penguins sample compiles to', () => {
  let prepared: PreparedTraining;
  before(async () => {
    const text = await readFile(file, 'utf8');
    prepared = (await prepareTraining({ text, file, configFile: file })).prepared!;
  });

  it('a resolved config', () => {
    checkGolden('test/golden/penguins.config.json', JSON.stringify(prepared.config, null, 1));
  });

  it('a model summary', () => {
    checkGolden('test/golden/penguins.summary.txt', prepared.model.summary.text);
  });

  it('an epoch program', () => {
    checkGolden(
      'test/golden/penguins.ir.txt',
      printProgram(buildEpochProgram(prepared.task).program),
    );
  });

  it('a simplified epoch program', () => {
    const simplified = simplify(buildEpochProgram(prepared.task).program);
    checkGolden('test/golden/penguins.simplified.ir.txt', printProgram(simplified));
  });

  it('wasm kernels without relaxed operations', async () => {
    const backend = createWasmBackend({ deterministic: 'portable' });
    const tensors = initialTensors(prepared.model, prepared.config.seed);
    const { executable } = await compileTraining(backend, prepared, { tensors, step: 0 });
    checkGolden('test/golden/penguins.wasm.txt', executable.describe());
    executable.destroy();
    backend.destroy();
  });
});
