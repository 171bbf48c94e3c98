import { plainTfjsBackend } from '../kit/plainTensorFlow.ts';
import { conformance } from '../conformance/conformance.ts';
import { modelConformance } from '../conformance/models.ts';

conformance('tfjs', plainTfjsBackend);
modelConformance('tfjs', plainTfjsBackend);
