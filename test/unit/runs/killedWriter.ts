/**
 * Run as a child process by killed.test.ts: writes a run as fast as it can until it is killed. Column value
 * i is i; after every tenth step comes an epoch, after every epoch a checkpoint.
 */
import { beginRun, checkpointAt, epochRecord, recordAt } from '../../kit/runFixture.ts';

const { directory, writer } = await beginRun(process.argv[2] ?? '.');
process.stdout.write(`${directory}\n`);
for (let step = 0; ; step += 10) {
  writer.appendSteps({ loss: Float32Array.from({ length: 10 }, (_, i) => step + i) });
  writer.appendEpochs([epochRecord(step / 10 + 1)]);
  const end = step + 10;
  writer.flush();
  const checkpoints = [checkpointAt(end, 'best'), checkpointAt(end)];
  await writer.commit(checkpoints, recordAt(end));
  process.stdout.write(`${end}\n`);
}
