/**
 * Writes a run while it trains. Nothing here makes the training loop wait for a disk: appends go to memory and
 * on a flush to the operating system's; the rest is done in the background, one job after the other. The
 * order of jobs is what makes a crash harmless: a checkpoint is written only after the columns and epochs
 * before it are on the disk.
 */
import path from 'node:path';
import { AppError, errorMessage } from '../../shared/errors.ts';
import { say } from '../../shared/language.ts';
import type { EpochRecord, RunSeries } from '../../shared/protocol/core.ts';
import { stringifyNumbers } from '../../shared/jsonNumbers.ts';
import { AppendFile } from './appendFile.ts';
import {
  syncDirectory,
  writeFileAtomic,
  writeFilesAtomic,
  type FileContent,
} from './atomicFiles.ts';
import { pruneCheckpoints, writeCheckpoint, type Checkpoint } from './checkpoints.ts';
import { columnHeader, float32Bytes } from './columnFile.ts';
import { epochColumn, epochValues, seriesFile, seriesOf } from './runSeries.ts';
import { encodeLine } from './jsonLines.ts';
import type { EventRecord, RunRecord } from './records.ts';
import { runFiles } from './runDirectory.ts';
import { SnapshotGatherer } from './snapshotGatherer.ts';
import {
  filterSnapshots,
  writeSnapshots,
  type Snapshot,
  type SnapshotMoment,
} from './snapshots.ts';

export interface FirstFiles {
  readonly record: RunRecord;
  /** The other files a run needs from its first moment, by name. */
  readonly files: Readonly<Record<string, FileContent>>;
  readonly original: { readonly name: string; readonly text: string };
}

/** Snapshots that wait for the next commit. */
const mostGatheredBytes = 4e6;
const noSeries = { step: [], epoch: [] };

export class RunWriter {
  readonly #directory: string;
  readonly #columns = new Map<string, AppendFile>();
  readonly #epochs: AppendFile;
  readonly #events: AppendFile;
  /** Not written yet. */
  readonly #snapshots = new SnapshotGatherer();
  #snapshotStride = 1;
  /** Of the snapshots on disk. */
  #keptStride = 1;
  #queue: Promise<void> = Promise.resolve();
  #jobs = 0;
  #failure: Error | null = null;

  constructor(directory: string) {
    this.#directory = directory;
    this.#epochs = new AppendFile(path.join(directory, runFiles.epochs));
    this.#events = new AppendFile(path.join(directory, runFiles.events));
  }

  /** The first thing that went wrong in the background; nothing is written after it. */
  get failure(): Error | null {
    return this.#failure;
  }

  begin({ record, files, original }: FirstFiles): void {
    void this.#enqueue(async () => {
      for (const { per, name } of seriesOf(this.#directory, record.series ?? noSeries)) {
        this.#column(per, name).create();
      }
      this.#epochs.create();
      this.#events.create();
      await writeFileAtomic(this.#path(runFiles.original, original.name), original.text);
      await writeFilesAtomic(this.#directory, {
        ...files,
        [runFiles.record]: stringifyNumbers(record, 1),
      });
      await syncDirectory(path.dirname(this.#directory));
    });
  }

  /** One more value per step, of every series. The arrays must not change afterwards. */
  appendSteps(columns: Readonly<Record<string, Float32Array>>): void {
    for (const [series, values] of Object.entries(columns)) {
      this.#column('step', series).append(float32Bytes(values));
    }
  }

  /** At least one, all with the same series. */
  appendEpochs(records: readonly EpochRecord[]): void {
    this.#epochs.append(Buffer.from(records.map(encodeLine).join('')));
    for (const series of Object.keys(epochValues(records[0]!))) {
      this.#column('epoch', series).append(float32Bytes(epochColumn(records, series)));
    }
  }

  appendEvent(event: EventRecord): void {
    this.#events.append(Buffer.from(encodeLine(event)));
  }

  /** Hands appends to the operating system: whoever reads the files now finds them. */
  flush(): void {
    if (this.#failure !== null) return;
    try {
      for (const file of this.#appendFiles()) file.flush();
    } catch (error) {
      this.#fail(error);
    }
  }

  /** Makes a state durable from which the run can be resumed. Resolves when it is, or when it failed. */
  commit(checkpoints: readonly Checkpoint[], record: RunRecord): Promise<void> {
    return this.#enqueue(async () => {
      await this.#sync();
      await this.#writeSnapshots();
      const directory = this.#path(runFiles.checkpoints);
      // In order: `best` must be there before the `last` whose callbacks refer to it.
      for (const checkpoint of checkpoints) await writeCheckpoint(directory, checkpoint);
      await pruneCheckpoints(directory);
      await this.#writeRecord(record);
    });
  }

  writeRecord(record: RunRecord): Promise<void> {
    return this.#enqueue(() => this.#writeRecord(record));
  }

  /** A resumed run may have more epochs than it began with, or another device. */
  updateFile(name: string, text: string): void {
    void this.#enqueue(() => writeFileAtomic(this.#path(name), text));
  }

  /**
   * Copied now, written with the next commit, or when many bytes have gathered. Only multiples of the stride are kept.
   */
  snapshot({ tensors, ...moment }: Snapshot, stride: number): void {
    this.#snapshotStride = stride;
    const bytes = tensors.reduce((sum, { values }) => sum + values.byteLength, 0);
    const isFull = (): boolean => bytes * this.#snapshots.count > mostGatheredBytes;
    // A disk that is behind does without some epochs: checkpoints must not wait for them.
    if (isFull() && this.#jobs > 0) return;
    this.#snapshots.add(moment, tensors);
    if (isFull()) this.writeSnapshots();
  }

  writeSnapshots(): void {
    if (this.#snapshots.count > 0) void this.#enqueue(() => this.#writeSnapshots());
  }

  /** Waits for all disk work. @throws the first failure. */
  async settled(): Promise<void> {
    await this.#queue;
    if (this.#failure !== null) throw this.#failure;
  }

  /** Syncs and closes the files. Never rejects: see `failure`. */
  async close(): Promise<void> {
    await this.#enqueue(async () => {
      await this.#sync();
      await this.#writeSnapshots();
    });
    for (const file of this.#appendFiles()) file.close();
  }

  async #writeSnapshots(): Promise<void> {
    const stride = this.#snapshotStride;
    const keeps = ({ epoch }: SnapshotMoment): boolean => epoch % stride === 0;
    const snapshots = this.#snapshots.take().filter(keeps);
    const directory = this.#path(runFiles.weights);
    await writeSnapshots(directory, snapshots);
    if (stride !== this.#keptStride) await filterSnapshots(directory, keeps);
    this.#keptStride = stride;
  }

  async #sync(): Promise<void> {
    await Promise.all(this.#appendFiles().map((file) => file.sync()));
  }

  #appendFiles(): AppendFile[] {
    return [...this.#columns.values(), this.#epochs, this.#events];
  }

  async #writeRecord(record: RunRecord): Promise<void> {
    await writeFileAtomic(this.#path(runFiles.record), stringifyNumbers(record, 1));
  }

  #column(per: RunSeries['per'], series: string): AppendFile {
    const key = `${per} ${series}`;
    const known = this.#columns.get(key);
    if (known !== undefined) return known;
    const file = seriesFile(this.#directory, per, series);
    const column = new AppendFile(file, columnHeader(series));
    this.#columns.set(key, column);
    return column;
  }

  #path(...parts: string[]): string {
    return path.join(this.#directory, ...parts);
  }

  #enqueue(job: () => Promise<void>): Promise<void> {
    this.#jobs++;
    this.#queue = this.#queue.then(async () => {
      try {
        if (this.#failure === null) await job();
      } catch (error) {
        this.#fail(error);
      } finally {
        this.#jobs--;
      }
    });
    return this.#queue;
  }

  #fail(cause: unknown): void {
    const message = say`cannot write the run ${this.#directory}: ${errorMessage(cause)}`;
    this.#failure ??= new AppError('file.notWritable', message, { cause });
  }
}
