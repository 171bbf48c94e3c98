import { createWasmBackend } from '../../src/core/backends/wasm/wasmBackend.ts';
import { loopNodes } from '../../src/core/ir/traverse.ts';
import { caseProgram } from './caseProgram.ts';
import { conformance } from './conformance.ts';
import type { OpCase } from './opCase.ts';

const plannedOps = new Set([
  'conv2d',
  'conv2dInputGrad',
  'conv2dFilterGrad',
  'scan',
  'maxPool2d',
  'maxPool2dInputGrad',
]);

conformance('wasm', () => createWasmBackend(), planned);
conformance('wasm, portable', () => createWasmBackend({ deterministic: 'portable' }), planned);

/** What the backend refuses with `backend.unsupported`; test/unit/codegen holds it to that. */
function planned(op: OpCase): string | null {
  const nodes = caseProgram(op).program.loops.flatMap(loopNodes);
  const kind = nodes.map((node) => node.op.kind).find((name) => plannedOps.has(name));
  return kind === undefined ? null : `${kind} is not lowered yet`;
}
