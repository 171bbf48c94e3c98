import { createReferenceBackend } from '../../src/core/backends/reference/referenceBackend.ts';
import { conformance } from './conformance.ts';

conformance('reference in float64', () => createReferenceBackend());
conformance('reference in float32', () => createReferenceBackend({ precision: 'float32' }));
