/**
 * Eigenvalues and eigenvectors of a symmetric matrix in float64, by ml-matrix: minutes for the 3,072 values of a photo of
 * 32 x 32, in one call that tells nothing meanwhile. So it runs on a thread of its own, which a cancel ends.
 */
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { AppError } from '../../../shared/errors.ts';

/** Text, so that it runs alike from a bundle and from sources. */
const program = `
const { parentPort, workerData: { library, matrix, n } } = require('node:worker_threads');
const { EigenvalueDecomposition, Matrix } = require(library);
const rows = Array.from({ length: n }, (_, i) => matrix.subarray(i * n, (i + 1) * n));
const found = new EigenvalueDecomposition(new Matrix(rows), { assumeSymmetric: true });
const columns = found.eigenvectorMatrix;
const vectors = new Float64Array(n * n);
for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) vectors[i * n + j] = columns.get(j, i);
const values = Float64Array.from(found.realEigenvalues);
parentPort.postMessage({ values, vectors }, [values.buffer, vectors.buffer]);`;

export interface EigenTask {
  /** [n, n], row-major. */
  readonly matrix: Float64Array;
  readonly n: number;
}

export interface Eigen {
  /** Rising. */
  readonly values: Float64Array;
  /** [n, n]: row i is the eigenvector of value i, of length 1; which of its two signs is not said. */
  readonly vectors: Float64Array;
}

export interface EigenWatch {
  readonly signal?: AbortSignal | undefined;
  /** Called each second with the seconds so far. */
  readonly onSecond?: (seconds: number) => void;
}

/** @throws the reason of `signal` */
export async function symmetricEigen(task: EigenTask, watch: EigenWatch = {}): Promise<Eigen> {
  const { signal, onSecond } = watch;
  signal?.throwIfAborted();
  const thread = new Worker(program, {
    eval: true,
    workerData: { ...task, library: libraryFile() },
  });
  const begun = performance.now();
  const timer = setInterval(() => {
    onSecond?.(Math.round((performance.now() - begun) / 1000));
  }, 1000);
  try {
    return await answer(thread, signal);
  } finally {
    clearInterval(timer);
    await thread.terminate();
  }
}

function answer(thread: Worker, signal: AbortSignal | undefined): Promise<Eigen> {
  return new Promise((resolve, reject) => {
    const gone = () =>
      reject(new AppError('internal', 'internal: the thread ended without a result'));
    thread.once('message', resolve).once('error', reject).once('exit', gone);
    signal?.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
  });
}

/** Beside the bundle of the core; where sources run, that of the package. */
function libraryFile(): string {
  const bundle = fileURLToPath(new URL('matrix.cjs', import.meta.url));
  return existsSync(bundle) ? bundle : createRequire(import.meta.url).resolve('ml-matrix');
}
