import { createWasmBackend } from '../../src/core/backends/wasm/wasmBackend.ts';
import { conformance } from './conformance.ts';

conformance('wasm', () => createWasmBackend());
conformance('wasm, portable', () => createWasmBackend({ deterministic: 'portable' }));
