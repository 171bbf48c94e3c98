/** The core process: joins the session to the process that forked us. Wiring only. */
import { say, useLanguage } from '../shared/language.ts';
import type { Transport } from '../shared/protocol/contract.ts';
import { createServer } from './coreServer.ts';
import { parentTransport } from './parentTransport.ts';
import { warmUpWhenIdle } from './warmUp.ts';

/** Runs survive any end; a checkpoint first merely loses less. */
const keepMilliseconds = 2000;

// Ctrl+C in a terminal reaches the whole group; our parent decides what it means for us.
process.on('SIGINT', () => undefined);
// Our parent reads these; once it is gone there is nobody to write to.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);

async function main(): Promise<void> {
  await useLanguage(process.env['TRAINBENCH_LANGUAGE'] ?? '');
  const transport = parentTransport();
  if (transport === null) {
    const text = say('This is the core of Trainbench; it is started by `trainbench` or VS Code.');
    process.stderr.write(`${text}\n`);
    process.exitCode = 2;
  } else {
    serve(transport);
  }
}

function serve(transport: Transport): void {
  const { stopAll } = createServer(transport);
  warmUpWhenIdle(transport);
  const leave = () => {
    setTimeout(() => process.exit(0), keepMilliseconds);
    stopAll().then(
      () => process.exit(0),
      () => process.exit(1),
    );
  };
  transport.onClose(leave);
  process.once('SIGTERM', leave);
}

void main();
