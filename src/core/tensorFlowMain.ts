/** The process that has TensorFlow in it: wiring only. `core/cuda` forks it for device `cuda`. */
import { useLanguage } from '../shared/language.ts';
import { Server } from '../shared/protocol/server.ts';
import type { TensorFlowContract } from './cuda/contract.ts';
import { tensorFlowHandlers } from './cuda/serveTensorFlow.ts';
import { parentTransport } from './parentTransport.ts';

process.on('SIGINT', () => undefined); // the core decides what Ctrl+C means

async function main(): Promise<void> {
  await useLanguage(process.env['TRAINBENCH_LANGUAGE'] ?? '');
  const transport = parentTransport();
  if (transport === null) return;
  transport.onClose(() => process.exit(0));
  new Server<TensorFlowContract>(transport, tensorFlowHandlers());
}

void main();
