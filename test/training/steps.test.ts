import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { decodeColumn } from '../../src/core/runs/columnFile.ts';
import { epochValues } from '../../src/core/runs/runSeries.ts';
import { startRun } from '../../src/core/train/run.ts';
import type { TrainingEvent, TrainingRun } from '../../src/core/train/trainingRun.ts';
import type { RunSeries } from '../../src/shared/protocol/core.ts';
import { createTinyProject, type TinyProject } from '../kit/tinyProject.ts';
import { nextEvent, trainingBackends } from '../kit/trainRun.ts';

type Values = Readonly<Record<string, Float32Array>>;

function stored({ info }: TrainingRun, per: RunSeries['per']): Values {
  const series = info.series.filter((one) => one.per === per);
  return Object.fromEntries(
    series.map(({ name, file }) => [name, decodeColumn(readFileSync(file)).values]),
  );
}

/** Counts what is announced; `problems` says what the files did not have at that moment. */
function watch(run: TrainingRun) {
  const seen = { steps: 0, epochs: 0 };
  const problems: string[] = [];
  const compare = (per: RunSeries['per'], from: number, values: Values): void => {
    const files = stored(run, per);
    for (const [name, announced] of Object.entries(values)) {
      const onDisk = files[name]?.subarray(from);
      if (String(onDisk) !== String(announced)) problems.push(`${per} ${name} from ${from}`);
    }
  };
  run.onEvent((event: TrainingEvent) => {
    if (event.kind === 'steps') {
      compare('step', event.step - 1, { loss: Float32Array.of(event.loss) });
      seen.steps = event.step;
    } else if (event.kind === 'epochs') {
      const names = Object.keys(epochValues(event.records[0]!));
      const column = (name: string) => event.records.map((record) => epochValues(record)[name]!);
      const columns = names.map((name) => [name, Float32Array.from(column(name))]);
      compare('epoch', seen.epochs, Object.fromEntries(columns) as Values);
      seen.epochs += event.records.length;
    }
  });
  return { seen, problems };
}

for (const [name, createBackend] of Object.entries(trainingBackends)) {
  describe(`an endless run on ${name}`, function () {
    this.timeout(60_000);
    let project: TinyProject;
    let run: TrainingRun;
    beforeEach(async () => {
      project = createTinyProject({ epochs: 1_000_000_000 });
      run = await startRun({ file: project.config, createBackend, startPaused: true });
    });
    afterEach(async () => {
      await run.stop();
      project.remove();
    });

    it('is one that can be read and resumed from its first moment on', () => {
      const { directory, series } = run.info;
      const record = JSON.parse(readFileSync(path.join(directory, 'run.json'), 'utf8')) as object;
      assert.deepEqual(Object.keys(record).includes('series'), true);
      for (const { file } of series)
        assert.equal(decodeColumn(readFileSync(file)).values.length, 0);
    });

    it('takes single steps while paused, the last of an epoch with its validation', async () => {
      const { seen, problems } = watch(run);
      for (let step = 1; step <= 9; step++) {
        assert.equal(await run.takeStep(), step);
        assert.equal(run.state, 'paused');
        assert.deepEqual(seen, { steps: step, epochs: Math.floor(step / 4) });
      }
      await Promise.all([run.takeStep(), run.takeStep(), run.takeStep()]);
      assert.deepEqual([run.step, run.state], [12, 'paused']);
      assert.deepEqual(seen, { steps: 12, epochs: 3 });
      assert.deepEqual(problems, []);
    });

    it('has on disk what it announces, whether it steps, runs, pauses or stops', async () => {
      const { seen, problems } = watch(run);
      await run.takeStep();
      await run.continue();
      for (let event = 0; event < 3; event++) await nextEvent(run, 'epochs');
      const paused = await run.pause();
      assert.equal(seen.steps, paused);
      assert.equal(await run.takeStep(), paused + 1);
      const { step } = await run.stop();
      assert.deepEqual(seen, { steps: step, epochs: Math.floor(step / 4) });
      assert.deepEqual(problems, []);
      const lengths = (per: RunSeries['per']) =>
        Object.entries(stored(run, per)).map(([series, values]) => [series, values.length]);
      const { steps, epochs } = seen;
      assert.deepEqual(Object.fromEntries(lengths('step')), { loss: steps, accuracy: steps });
      assert.deepEqual(Object.fromEntries(lengths('epoch')), {
        loss: epochs,
        accuracy: epochs,
        val_loss: epochs,
        val_accuracy: epochs,
        learning_rate: epochs,
      });
    });

    it('counts the time of its training, without its pauses', async () => {
      let seconds = 0;
      run.onEvent((event) => event.kind === 'steps' && (seconds = event.seconds));
      const begun = performance.now();
      await run.takeStep();
      const first = seconds;
      assert.ok(first > 0);
      const pause = 300;
      await new Promise((resolve) => setTimeout(resolve, pause));
      await run.takeStep();
      const all = (performance.now() - begun) / 1000;
      assert.ok(seconds > first && seconds <= all - (pause - 5) / 1000, `${seconds} s of ${all} s`);
    });
  });
}
