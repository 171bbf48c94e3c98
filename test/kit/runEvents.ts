/** Events of a run as the core sends them, for tests of those who listen. Each takes what the test cares about. */
import type {
  EpochRecord,
  RunEnd,
  RunId,
  RunInfo,
  RunListEntry,
  SavedRun,
} from '../../src/shared/protocol/core.ts';

export function runInfo(parts: Partial<RunInfo>): RunInfo {
  return {
    runId: 'run' as RunId,
    directory: '/w/runs/a',
    name: 'a',
    epochs: 10,
    stepsPerEpoch: 4,
    backend: 'wasm',
    device: 'cpu',
    trainingRows: 80,
    validationRows: 20,
    metrics: ['accuracy'],
    series: [],
    baseline: null,
    seenRows: null,
    diagnostics: [],
    ...parts,
  };
}

export function epochRecord(parts: Partial<EpochRecord>): EpochRecord {
  return {
    epoch: 1,
    epochs: 10,
    loss: 1,
    metrics: {},
    learning_rate: 0.001,
    seconds: 0.01,
    step: 4,
    ...parts,
  };
}

export function runEnd(parts: Partial<RunEnd>): RunEnd {
  return { status: 'completed', step: 40, seconds: 0.5, verdict: '19 of 20 right', ...parts };
}

export function runListEntry(parts: Partial<RunListEntry>): RunListEntry {
  return {
    directory: '/w/runs/a',
    name: 'a',
    state: 'completed',
    created: '2026-01-02T03:04:05.000Z',
    epochs: 10,
    epochsDone: 10,
    loss: 1,
    val_loss: 1,
    metrics: {},
    baseline: null,
    seenRows: null,
    score: null,
    verdict: '19 of 20 right',
    seconds: 0.5,
    configFile: '/w/a.train.yaml',
    ...parts,
  };
}

export function savedRun(parts: Partial<SavedRun>): SavedRun {
  return {
    ...runListEntry({}),
    stepsPerEpoch: 4,
    series: [],
    step: 6,
    lastLoss: 0.5,
    checkpointStep: 6,
    backend: 'wasm',
    device: 'cpu',
    epochRecords: [],
    ...parts,
  };
}
