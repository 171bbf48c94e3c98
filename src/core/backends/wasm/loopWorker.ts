/**
 * Runs loops of a module on a thread of its own, over the memory of this one: the same code, so the same
 * bits. For iterations so long that requests to this thread could not wait for their end.
 */
import { Worker } from 'node:worker_threads';
import { AppError } from '../../../shared/errors.ts';

/** Text, so that it runs alike from a bundle and from sources. */
const source = `
const { parentPort, workerData: { module, memory } } = require('node:worker_threads');
const { exports } = new WebAssembly.Instance(module, { env: { memory } });
parentPort.on('message', ({ name, from, to }) => {
  exports[name](from, to);
  parentPort.postMessage(null);
});`;

export class LoopWorker {
  readonly #compiled: { readonly module: WebAssembly.Module; readonly memory: WebAssembly.Memory };
  #worker: Worker | null = null;

  /** Starts its thread when it is first needed. `memory` must be shared. */
  constructor(compiled: { module: WebAssembly.Module; memory: WebAssembly.Memory }) {
    this.#compiled = compiled;
  }

  /** Calls the exported function `name`; one call at a time. Holds the process until it is done. */
  run(name: string, from: number, to: number): Promise<void> {
    // Neither the loader nor the flags of this process are any use there.
    this.#worker ??= new Worker(source, { eval: true, execArgv: [], workerData: this.#compiled });
    const worker = this.#worker;
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
      worker.postMessage({ name, from, to });
    });
  }

  destroy(): void {
    void this.#worker?.terminate();
  }
}
