import { plainTfjsBackend } from '../kit/plainTensorFlow.ts';
import { conformance } from './conformance.ts';
import { modelConformance } from './models.ts';

conformance('tfjs', plainTfjsBackend);
modelConformance('tfjs', plainTfjsBackend);
