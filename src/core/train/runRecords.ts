/** Fills in the records of a run that runs/records.ts describes. */
import os from 'node:os';
import type { Baseline, EpochRecord } from '../../shared/protocol/core.ts';
import { ownRelease } from '../../shared/protocol/version.ts';
import type { TrainConfig } from '../../shared/model/trainConfig.ts';
import type { Backend } from '../backends/backend.ts';
import type { PreparedData } from '../data/preparedData.ts';
import { startOf } from '../runs/activeRuns.ts';
import type { SeriesNames } from '../runs/runSeries.ts';
import type { EnvironmentRecord, RunRecord } from '../runs/records.ts';
import { typicalTarget } from './epochTask.ts';
import type { TrainingState } from './trainingState.ts';
import type { Score } from './verdict.ts';

export function environmentRecord(
  config: TrainConfig,
  backend: Backend,
  data: PreparedData,
): EnvironmentRecord {
  const { training, seed } = config;
  const { source } = data;
  return {
    trainbench: ownRelease,
    node: process.version,
    v8: process.versions.v8,
    platform: `${process.platform}-${process.arch} ${os.release()}`,
    backend: backend.name,
    device: backend.deviceName,
    choices: { ...backend.choices },
    threads: backend.threads,
    seed: seed.value,
    floatMode: training.deterministic === 'portable' ? 'portable' : 'machine',
    epochLoss: training.epoch_loss,
    typicalTarget: typicalTarget(data),
    data: { file: source.file, sha256: source.sha256, rows: source.rows },
  };
}

export interface RunIdentity {
  readonly name: string;
  readonly created: string;
  readonly configFile: string;
  readonly epochs: number;
  readonly stepsPerEpoch: number;
  readonly baseline: Baseline | null;
  /** As in RunListEntry. */
  readonly seenRows: number | null;
  readonly series: SeriesNames;
  readonly choice: RunRecord['choice'];
}

export interface RunStatus {
  readonly state: RunRecord['state'];
  readonly training: TrainingState;
  readonly lastEpoch: EpochRecord | null;
  readonly score: Score | null;
  readonly verdict: string;
}

export function runRecord(identity: RunIdentity, status: RunStatus): RunRecord {
  const { state, training, lastEpoch, score, verdict } = status;
  return {
    format: 1,
    ...identity,
    state,
    pid: process.pid,
    processStart: startOf(process.pid),
    updated: new Date().toISOString(),
    epochsDone: training.epoch,
    step: training.step,
    loss: lastEpoch?.loss ?? null,
    val_loss: lastEpoch?.val_loss ?? null,
    seconds: training.seconds,
    metrics: { ...lastEpoch?.metrics },
    score,
    verdict,
  };
}
