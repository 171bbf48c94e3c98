/** A look at a file, as often as it changes: the core's report, progress while it reads, or why there is none. */
import { errorMessage, isError } from '../../shared/errors.ts';
import type { Client } from '../../shared/protocol/client.ts';
import type { CoreContract } from '../../shared/protocol/core.ts';
import type { DataReport } from '../../shared/protocol/dataReport.ts';
import type { LookProgress, LookState } from '../../shared/protocol/views/lookAtData.ts';

export type LookResult = Pick<LookState, 'report' | 'progress' | 'failure'>;

export interface DataLookOptions {
  readonly client: () => Promise<Client<CoreContract>>;
  /** What a user who cancelled is told. */
  readonly cancelledText: () => string;
  /** Another result. */
  readonly changed: () => void;
  readonly progressed: (progress: LookProgress) => void;
}

/** So many of the commonest values are shown of a column; a wide table has thousands of columns. */
const shownValues = 20;

const nothing: LookResult = { report: null, progress: null, failure: null };

const began: LookProgress = { message: '', fraction: null };

export class DataLook {
  readonly #options: DataLookOptions;
  #file: string | null = null;
  #result = nothing;
  #current: AbortController | null = null;

  constructor(options: DataLookOptions) {
    this.#options = options;
  }

  get result(): LookResult {
    return this.#result;
  }

  /** Which file the result is of; null before the first. */
  get file(): string | null {
    return this.#file;
  }

  /** A look that goes on is given up; the report of the same file stays until there is a newer one. */
  start(file: string): void {
    this.#current?.abort();
    const own = new AbortController();
    this.#current = own;
    const report = file === this.#file ? this.#result.report : null;
    this.#file = file;
    this.#show({ report, progress: began, failure: null });
    void this.#look(file, own);
  }

  /** The report of before stays. */
  cancel(): void {
    this.#current?.abort();
  }

  /** Gives up, without a word. */
  forget(): void {
    this.#current?.abort();
    this.#current = null;
    this.#file = null;
    this.#result = nothing;
  }

  async #look(file: string, own: AbortController): Promise<void> {
    let result: LookResult;
    try {
      const report = await this.#ask(file, own.signal);
      result = { report: shortened(report), progress: null, failure: null };
    } catch (error) {
      // What a cancelled look had found before is still true; of a file that cannot be read nothing is.
      const cancelled = own.signal.aborted || isError(error, 'protocol.cancelled');
      const report = cancelled ? this.#result.report : null;
      const failure = cancelled ? this.#options.cancelledText() : errorMessage(error);
      result = { report, progress: null, failure };
    }
    if (this.#current === own) this.#show(result);
  }

  async #ask(file: string, signal: AbortSignal): Promise<DataReport> {
    const client = await this.#options.client();
    const end = client.on('run/progress', ({ file: of, message, fraction }) => {
      if (of !== file || signal.aborted) return;
      const progress = { message, fraction };
      this.#result = { ...this.#result, progress };
      this.#options.progressed(progress);
    });
    try {
      return await client.request('data/inspect', { file }, signal);
    } finally {
      end();
    }
  }

  #show(result: LookResult): void {
    this.#result = result;
    this.#options.changed();
  }
}

function shortened({ table, ...rest }: DataReport): DataReport {
  if (table === null) return { table, ...rest };
  const columns = table.columns.map((column) => ({
    ...column,
    top: column.top.slice(0, shownValues),
  }));
  return { ...rest, table: { ...table, columns } };
}
