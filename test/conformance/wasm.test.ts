import { createWasmBackend } from '../../src/core/backends/wasm/wasmBackend.ts';
import { conformance } from './conformance.ts';
import { modelConformance } from './models.ts';

conformance('wasm', () => createWasmBackend());
conformance('wasm, portable', () => createWasmBackend({ deterministic: 'portable' }));
modelConformance('wasm', () => createWasmBackend());
