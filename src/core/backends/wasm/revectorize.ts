/**
 * V8's revectorizer fuses pairs of 128-bit vectors to one of 256 bits: the same arithmetic on more lanes, so the same
 * bits in up to half the time. It is off by default, so it is tried out first: one kernel, its numbers and its speed
 * against the plain one. Programs too small to gain from it never pay for the trial.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { AppError } from '../../../shared/errors.ts';
import { say } from '../../../shared/language.ts';
import { FunctionBuilder } from '../../codegen/wasm/asm.ts';
import { ConstantPool } from '../../codegen/wasm/constantPool.ts';
import { encodeModule } from '../../codegen/wasm/module.ts';
import { tileFunction } from '../../codegen/wasm/tileFunction.ts';

/** What the user allows with TRAINBENCH_WASM: `plain` arithmetic, `relaxed` (fused), or also 256 bits. */
export type WasmForm = 'plain' | 'relaxed' | 'revectorize';

export function allowedForm({ TRAINBENCH_WASM: form }: NodeJS.ProcessEnv = process.env): WasmForm {
  return form === 'plain' || form === 'relaxed' ? form : 'revectorize';
}

/** @throws AppError `input.invalid` for a word that is none of them. */
export function requireKnownForm({ TRAINBENCH_WASM: form }: NodeJS.ProcessEnv = process.env): void {
  if (form === undefined || ['', 'plain', 'relaxed', 'revectorize'].includes(form)) return;
  const message = say`TRAINBENCH_WASM is "${form}"; it must be plain, relaxed or revectorize`;
  throw new AppError('input.invalid', message);
}

const flag = 'experimental-wasm-revectorize';
/** How much faster wide tiles have to be. */
const wantedGain = 1.2;
let trial: Promise<boolean> | undefined;

/** Whether pairs of vectors are fused from now on; switches it on in this process. */
export function fusesVectors(): Promise<boolean> {
  if (allowedForm() !== 'revectorize' || !mayFuse(process)) return Promise.resolve(false);
  trial ??= tryOut();
  return trial;
}

/** Older engines have no such flag, or one without effect; Electron may not let its flags be set so late. */
function mayFuse({ arch, versions }: NodeJS.Process): boolean {
  if (versions['electron'] !== undefined) return false;
  const [major = 0, minor = 0] = versions.v8.split('.').map(Number);
  return arch === 'x64' && (major > 13 || (major === 13 && minor >= 6));
}

async function tryOut(): Promise<boolean> {
  const plain = await measure(2);
  setFlagsFromString(`--${flag}`);
  const fused = await measure(4);
  const right = plain.sums.every((row, r) =>
    row.every((sum, column) => Object.is(sum, fused.sums[r]![column])),
  );
  // Twice the columns in less than twice the time.
  const gain = (2 * plain.milliseconds) / fused.milliseconds;
  if (right && gain >= wantedGain) return true;
  setFlagsFromString(`--no-${flag}`);
  return false;
}

const rows = 6;
const length = 256;
const [aAt, bAt, sumsAt] = [4096, 65_536, 16_384];

interface Measured {
  readonly milliseconds: number;
  /** The first eight columns of each row. */
  readonly sums: readonly (readonly number[])[];
}

/** Time of a batch of tiles once V8 has optimised them, which it does while they run. */
async function measure(vectors: number): Promise<Measured> {
  const memory = new WebAssembly.Memory({ initial: 2, maximum: 2 });
  const numbers = new Float32Array(memory.buffer);
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(probeModule(vectors)), {
    env: { memory },
  });
  for (let i = 0; i < rows * length; i++) numbers[aAt / 4 + i] = Math.sin(i);
  for (let k = 0; k < length; k++) {
    for (let j = 0; j < 16; j++) numbers[bAt / 4 + k * vectors * 4 + j] = Math.cos(k * 8 + (j % 8));
  }
  const milliseconds = await bestTime(exports['batch'] as () => void);
  const sums = Array.from({ length: rows }, (_, row) => {
    const at = sumsAt / 4 + row * vectors * 4;
    return [...numbers.subarray(at, at + 8)];
  });
  return { milliseconds, sums };
}

/** Shortest of many runs; gives up waiting for a better one in time for a person not to notice. */
async function bestTime(run: () => void): Promise<number> {
  const [least, settled, longest] = [15, 10, 120];
  const start = performance.now();
  let best = Infinity;
  let improved = start;
  for (;;) {
    const before = performance.now();
    for (let i = 0; i < 10; i++) run();
    const now = performance.now();
    if (now - before < best * 0.97) improved = now;
    best = Math.min(best, now - before);
    if (now - start > longest || (now - start > least && now - improved > settled)) return best;
    await nextTurn();
  }
}

function probeModule(vectors: number): Uint8Array {
  const pool = new ConstantPool(0);
  const tile = tileFunction(
    {
      rows,
      vectors,
      rowStride: length * 4,
      k: [{ size: length, stride: 4 }],
      sumsStride: vectors * 16,
      adds: false,
    },
    { pool, fma: true },
  );
  const batch = new FunctionBuilder();
  for (let i = 0; i < 8; i++) {
    batch.call(0, batch.int(aAt), batch.int(bAt), batch.int(sumsAt));
  }
  const functions = [{ builder: tile }, { builder: batch, name: 'batch' }];
  return encodeModule(functions, { pages: 2, shared: false });
}
