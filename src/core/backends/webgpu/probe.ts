/**
 * Lists the adapters, in a process of its own: a driver that crashes or hangs while it is asked takes that process and
 * not the core. What it says is trusted by this process from then on. WebGPU itself shows no more than one adapter for
 * each preference of power; Dawn lists all by name when it is asked for one that is not there.
 */
import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { AppError, errorMessage } from '../../../shared/errors.ts';
import { say } from '../../../shared/language.ts';
import { type AdapterFacts, inOrder, toldLimits } from './adapters.ts';
import { dawnFlags, experimentsFlag } from './dawn.ts';

/** Text, so that it runs alike from a bundle and from sources. What Dawn itself prints comes before the last line. */
const source = `
const told = ${JSON.stringify(toldLimits)};
import(process.argv[1]).then(async ({ create, globals }) => {
  Object.assign(globalThis, globals);
  const opened = [];
  const open = (...flags) => {
    opened.push(create([...${JSON.stringify([...dawnFlags, experimentsFlag])}, ...flags]));
    return opened.at(-1).requestAdapter({ powerPreference: 'high-performance' });
  };
  const list = await open('adapter=none has this name').then(() => '', (error) => error.message);
  const names = [...list.matchAll(/name: '(.+)'$/gm)].map(([, name]) => name);
  const fastest = (await open())?.info.device;
  const facts = [];
  for (const name of new Set(names)) {
    const adapter = await open('adapter=' + name);
    if (adapter === null) continue;
    const { device, description: driver, isFallbackAdapter: isSoftware } = adapter.info;
    const limits = Object.fromEntries(told.map((limit) => [limit, adapter.limits[limit]]));
    const found = { name, driver, isSoftware, limits, features: [...adapter.features].sort() };
    if (device === fastest) facts.unshift(found);
    else facts.push(found);
  }
  process.stdout.write('\\n' + JSON.stringify(facts), () => process.exit(0));
}).catch((error) => {
  process.stderr.write(String(error?.message ?? error));
  process.exit(1);
});`;

const patienceMilliseconds = 20_000;
/** Of what the process printed last. */
const shownCharacters = 500;

let known: Promise<readonly AdapterFacts[]> | null = null;

/** Asked once; a failure, or nothing found, is asked for again. @throws AppError `device.unavailable` with the reason. */
export function knownAdapters(): Promise<readonly AdapterFacts[]> {
  known ??= probeAdapters();
  const asked = known;
  const forget = () => {
    if (known === asked) known = null;
  };
  asked.then((found) => found.length === 0 && forget(), forget);
  return asked;
}

/** Asks anew. @throws AppError `device.unavailable` */
export async function probeAdapters(program = source): Promise<readonly AdapterFacts[]> {
  return inOrder(parse(await run(program)));
}

function run(program: string): Promise<string> {
  const options = {
    timeout: patienceMilliseconds,
    killSignal: 'SIGKILL',
    windowsHide: true,
  } as const;
  return new Promise((resolve, reject) => {
    const args = ['--no-warnings', '-e', program, '--', packageUrl()];
    execFile(process.execPath, args, options, (error, stdout, stderr) => {
      if (error === null) resolve(stdout);
      else reject(unavailable(reasonOf(error, stderr)));
    });
  });
}

/** @throws AppError where the package is not there. */
function packageUrl(): string {
  try {
    return pathToFileURL(createRequire(import.meta.url).resolve('webgpu')).href;
  } catch (error) {
    throw unavailable(say`WebGPU does not load here: ${errorMessage(error)}`);
  }
}

function reasonOf({ killed, signal, code }: ProcessError, stderr: string): string {
  const said = stderr.trim().slice(-shownCharacters);
  const seconds = patienceMilliseconds / 1000;
  if (killed === true) return say`the GPU driver did not answer within ${seconds} s`;
  if (code === 1) return say`WebGPU does not load here: ${said}`;
  const how = signal ?? String(code);
  return say`the GPU driver crashed when it was asked for its devices (${how}): update the driver, or use device "cpu"`;
}

interface ProcessError {
  readonly killed?: boolean;
  readonly signal?: string | null;
  readonly code?: number | string | null;
}

function parse(output: string): AdapterFacts[] {
  try {
    return JSON.parse(output.slice(output.lastIndexOf('\n') + 1)) as AdapterFacts[];
  } catch (cause) {
    throw new AppError('internal', `internal: the probe of adapters said ${output}`, { cause });
  }
}

function unavailable(reason: string): AppError {
  return new AppError('device.unavailable', reason);
}
