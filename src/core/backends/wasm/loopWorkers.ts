/**
 * Runs loops of a module on threads of their own, over the memory of this one: the same code, so the same bits. For
 * iterations so long that requests to this thread could not wait for their end, or worth the work of several threads.
 */
import { Worker } from 'node:worker_threads';
import { AppError } from '../../../shared/errors.ts';

/** Text, so that it runs alike from a bundle and from sources. */
const source = `
const { parentPort, workerData: { module, memory, thread } } = require('node:worker_threads');
const { exports } = new WebAssembly.Instance(module, { env: { memory } });
parentPort.on('message', ({ name, from, to }) => {
  exports[name](from, to, thread);
  parentPort.postMessage(null);
});`;

interface Compiled {
  readonly module: WebAssembly.Module;
  /** Must be shared. */
  readonly memory: WebAssembly.Memory;
}

export class LoopWorkers {
  readonly #compiled: Compiled;
  readonly #count: number;
  #workers: readonly Worker[] | null = null;

  /** Starts its threads when they are first needed. */
  constructor(compiled: Compiled, count: number) {
    this.#compiled = compiled;
    this.#count = count;
  }

  /** Calls the exported function `name` on every thread; one call at a time. Holds the process until all are done. */
  async run(name: string, from: number, to: number): Promise<void> {
    this.#workers ??= Array.from({ length: this.#count }, (_, thread) => this.#start(thread));
    await Promise.all(this.#workers.map((worker) => call(worker, { name, from, to })));
  }

  /** Neither the loader nor the flags of this process are any use there. */
  #start(thread: number): Worker {
    const workerData = { ...this.#compiled, thread };
    return new Worker(source, { eval: true, execArgv: [], workerData });
  }

  destroy(): void {
    for (const worker of this.#workers ?? []) void worker.terminate();
  }
}

function call(worker: Worker, message: { name: string; from: number; to: number }): Promise<void> {
  worker.ref();
  return new Promise<void>((resolve, reject) => {
    const settle = (error: Error | null) => {
      worker.off('message', done).off('error', settle).off('exit', gone);
      worker.unref();
      if (error === null) resolve();
      else reject(error);
    };
    const done = () => settle(null);
    const gone = () => settle(new AppError('internal', 'internal: the worker ended in mid-run'));
    worker.once('message', done).once('error', settle).once('exit', gone);
    worker.postMessage(message);
  });
}
