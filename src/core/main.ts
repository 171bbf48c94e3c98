/** The core process: joins the session to the process that forked us. Wiring only. */
import { createServer } from './coreServer.ts';
import { parentTransport } from './parentTransport.ts';

const transport = parentTransport();
if (transport === null) {
  process.stderr.write(
    'This is the core of Trainbench; it is started by `trainbench` or VS Code.\n',
  );
  process.exit(2);
}

// Ctrl+C in a terminal reaches the whole group; our parent decides what it means for us.
process.on('SIGINT', () => undefined);
// Our parent reads these; once it is gone there is nobody to write to.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);

const { stopAll } = createServer(transport);

/** Runs survive any end; a checkpoint first merely loses less. */
const keepMilliseconds = 2000;

function leave(): void {
  setTimeout(() => process.exit(0), keepMilliseconds);
  stopAll().then(
    () => process.exit(0),
    () => process.exit(1),
  );
}

transport.onClose(leave);
process.once('SIGTERM', leave);
