/**
 * Run as a child process: trains `argv[2]`, stops at step 5, resumes, and kills itself at step `argv[3]`, after a
 * checkpoint and with unfinished business. Prints the run directory first.
 */
import { resumeRun, startRun } from '../../src/core/train/run.ts';
import { trainingBackends } from './trainRun.ts';

const [, , file = '', dieAt = '0'] = process.argv;
const createBackend = trainingBackends.reference;
const first = await startRun({ file, createBackend, startPaused: true });
const { directory } = first.info;
process.stdout.write(`${directory}\n`);
while (first.step < 5) await first.takeStep();
await first.stop();
const second = await resumeRun({ directory, createBackend, startPaused: true });
while (second.step < Number(dieAt)) await second.takeStep();
process.kill(process.pid, 'SIGKILL');
