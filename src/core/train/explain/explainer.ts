/**
 * Explains steps of runs, one after the other. It keeps the last one, so that another row, unit or weight of the
 * same step costs a few reads; after a while without questions it lets everything go.
 */
import { AppError } from '../../../shared/errors.ts';
import { say } from '../../../shared/language.ts';
import type { ExplainedStep, ExplainWish } from '../../../shared/protocol/explainStep.ts';
import type { Backend } from '../../backends/backend.ts';
import { openRunFiles, type RunFiles } from '../../runs/openRun.ts';
import type { PreparedTraining } from '../prepareTraining.ts';
import { requirePrepared } from '../requirePrepared.ts';
import { openForAnswers, prepareStored } from '../storedRun.ts';
import type { RunEnvironment, TrainingRun } from '../trainingRun.ts';
import { explainStep } from './explainStep.ts';
import { followingMoment, leadsOn } from './followingMoment.ts';
import type { StepMoment } from './stepMoment.ts';
import { recordedLearningRate, storedMoment } from './storedMoment.ts';
import { workStep, type WorkedStep } from './workedStep.ts';

const keepMs = 120_000;

interface Subject {
  readonly directory: string;
  readonly prepared: PreparedTraining;
  readonly backend: Backend;
  worked: WorkedStep | null;
}

export interface Asking extends RunEnvironment {
  /** The run while it trains in this process; null for one on disk. */
  readonly run: TrainingRun | null;
}

export class Explainer {
  #subject: Subject | null = null;
  #queue: Promise<unknown> = Promise.resolve();
  #expiry: NodeJS.Timeout | null = null;

  /**
   * @throws AppError `run.notFound`, `run.corrupt`; `data.read` when the data have changed; `input.invalid` for a
   * batch, layer, unit or weight that is not there.
   */
  explain(wish: ExplainWish, asking: Asking): Promise<ExplainedStep> {
    const answer = this.#queue.then(() => this.#explain(wish, asking));
    this.#queue = answer.catch(() => undefined);
    return answer;
  }

  async #explain(wish: ExplainWish, asking: Asking): Promise<ExplainedStep> {
    if (this.#expiry !== null) clearTimeout(this.#expiry);
    try {
      const opened = await openRunFiles(wish.directory);
      const subject = await this.#subjectOf(opened, asking);
      const worked = await this.#work(subject, { opened, asking, wish });
      const { prepared } = subject;
      const nextBatch = worked.moment.batch;
      return await explainStep(worked, { name: opened.record.name, prepared, wish, nextBatch });
    } finally {
      this.#expiry = setTimeout(() => this.forget(), keepMs).unref();
    }
  }

  forget(): void {
    if (this.#expiry !== null) clearTimeout(this.#expiry);
    this.#subject?.worked?.destroy();
    this.#subject?.backend.destroy();
    this.#subject = null;
  }

  /** A run that goes on with other data or another config than before is another subject. */
  async #subjectOf(opened: RunFiles, asking: Asking): Promise<Subject> {
    const { directory } = opened;
    const { run } = asking;
    const held = this.#subject;
    if (held?.directory === directory && (run === null || run.prepared === held.prepared)) {
      return held;
    }
    this.forget();
    const prepared =
      run?.prepared ?? requirePrepared(await prepareStored(opened, asking), directory);
    const backend = await openForAnswers(asking, opened, prepared.config);
    this.#subject = { directory, prepared, backend, worked: null };
    return this.#subject;
  }

  async #work(subject: Subject, { opened, asking, wish }: Question): Promise<WorkedStep> {
    const { prepared, backend, worked } = subject;
    const held = worked !== null && worked.moment.step === wish.step ? worked : null;
    const moment = held?.moment ?? (await momentFor(subject, { opened, asking, wish }));
    const batch = wish.batch ?? moment.batch;
    if (held?.batch === batch) return held;
    checkBatch(prepared, batch);
    worked?.destroy();
    subject.worked = null;
    subject.worked = await workStep(backend, prepared, { moment, batch });
    return subject.worked;
  }
}

interface Question {
  readonly opened: RunFiles;
  readonly asking: Asking;
  readonly wish: ExplainWish;
}

async function momentFor(
  { prepared, worked }: Subject,
  { opened, asking: { run }, wish: { step } }: Question,
): Promise<StepMoment> {
  if (worked !== null && step === worked.moment.step + 1 && leadsOn(worked)) {
    const { directory } = opened;
    return followingMoment(worked, prepared.model, (epoch) =>
      recordedLearningRate(directory, epoch),
    );
  }
  if (run === null) return storedMoment(opened, prepared, step);
  const moment = await run.moment();
  return step === null || step === moment.step ? moment : storedMoment(opened, prepared, step);
}

function checkBatch({ task }: PreparedTraining, batch: number): void {
  const last = Math.ceil(task.trainingRows / task.batchSize) - 1;
  if (Number.isInteger(batch) && batch >= 0 && batch <= last) return;
  throw new AppError('input.invalid', say`an epoch has the batches 0 to ${last}, not ${batch}`);
}
