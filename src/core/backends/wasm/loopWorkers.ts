/**
 * Runs loops of a module on threads of their own, over the memory of this one: the same code, so the same bits. For
 * iterations so long that requests to this thread could not wait for their end, or worth the work of several threads.
 */
import { Worker } from 'node:worker_threads';
import { AppError } from '../../../shared/errors.ts';
import { iterationAddress } from '../../codegen/wasm/staticMemory.ts';

/**
 * Text, so that it runs alike from a bundle and from sources. `timed` calls kernel after kernel with a look at the clock
 * after each, first after one that does nothing: what a look takes.
 */
const source = `
const { parentPort, workerData: { module, memory, thread } } = require('node:worker_threads');
const { exports } = new WebAssembly.Instance(module, { env: { memory } });
const iteration = new Int32Array(memory.buffer, ${iterationAddress}, 1);
function timed(kernels, from, to) {
  const calls = ['nothing', ...kernels].map((name) => exports[name]);
  const times = new Float64Array(calls.length);
  for (let index = from; index < to; index++) {
    iteration[0] = index;
    let before = performance.now();
    for (let call = 0; call < calls.length; call++) {
      calls[call](thread);
      const now = performance.now();
      times[call] += now - before;
      before = now;
    }
  }
  return times;
}
parentPort.on('message', ({ name, kernels, from, to }) => {
  if (kernels === undefined) exports[name](from, to, thread);
  parentPort.postMessage(kernels === undefined ? null : timed(kernels, from, to));
});`;

interface Compiled {
  readonly module: WebAssembly.Module;
  /** Must be shared. */
  readonly memory: WebAssembly.Memory;
}

/** Iterations `from` <= i < `to`. */
export interface LoopCall {
  /** Exported function of the loop. */
  readonly name: string;
  readonly from: number;
  readonly to: number;
  /** Threads that run it together. */
  readonly threads: number;
  /** Exported functions to call one by one in its place, timed. */
  readonly kernels?: readonly string[];
}

export class LoopWorkers {
  readonly #compiled: Compiled;
  readonly #workers: Worker[] = [];

  /** Starts its threads when they are first needed. */
  constructor(compiled: Compiled) {
    this.#compiled = compiled;
  }

  /**
   * One call at a time; holds the process until all threads are done. Gives milliseconds of nothing and of each of
   * `kernels` where there are some, as the last thread saw them: it is the one that runs what is not shared.
   */
  async run({ threads, ...call }: LoopCall): Promise<Float64Array | null> {
    while (this.#workers.length < threads) this.#workers.push(this.#start(this.#workers.length));
    const team = this.#workers.slice(0, threads);
    const times = await Promise.all(team.map((worker) => ask(worker, call)));
    return times.at(-1) ?? null;
  }

  /** Neither the loader nor the flags of this process are any use there. */
  #start(thread: number): Worker {
    const workerData = { ...this.#compiled, thread };
    return new Worker(source, { eval: true, execArgv: [], workerData });
  }

  destroy(): void {
    for (const worker of this.#workers) void worker.terminate();
  }
}

function ask(worker: Worker, message: Omit<LoopCall, 'threads'>): Promise<Float64Array | null> {
  worker.ref();
  return new Promise((resolve, reject) => {
    const settle = (error: Error | null, times: Float64Array | null) => {
      worker.off('message', done).off('error', failed).off('exit', gone);
      worker.unref();
      if (error === null) resolve(times);
      else reject(error);
    };
    const done = (times: Float64Array | null) => settle(null, times);
    const failed = (error: Error) => settle(error, null);
    const gone = () => failed(new AppError('internal', 'internal: the worker ended in mid-run'));
    worker.once('message', done).once('error', failed).once('exit', gone);
    worker.postMessage(message);
  });
}
