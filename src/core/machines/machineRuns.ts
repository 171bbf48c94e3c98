/**
 * Runs on other machines, as part of a session: connects to machines, begins runs there, and sends on what is asked of them.
 * All else, runs on disk included, is answered by this machine: a run that trains elsewhere has its folder here too.
 */
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { AppError, isError } from '../../shared/errors.ts';
import { say } from '../../shared/language.ts';
import type { CancelSignal } from '../../shared/protocol/cancel.ts';
import type { CoreContract, RunId, RunInfo } from '../../shared/protocol/core.ts';
import type { SshMachine } from '../../shared/protocol/machine.ts';
import { claimRun, releaseRun } from '../runs/activeRuns.ts';
import { readRecord } from '../runs/openRun.ts';
import { makeRunFolders, runFiles } from '../runs/runDirectory.ts';
import type { RunRecord } from '../runs/records.ts';
import { toAbortSignal, type CoreHandlers, type SessionHost } from '../session/session.ts';
import { MachineLinks } from './machineLinks.ts';
import type { MachineLink } from '../../coreProcess/machineLink.ts';
import { Mirror } from './mirror.ts';
import { sendConfig, sendRun } from './remoteConfig.ts';
import { RemotePaths } from './remotePaths.ts';
import { RemoteRun } from './remoteRun.ts';

type Requests = CoreContract['requests'];
type Asked<M extends keyof Requests> = Requests[M]['args'] & { readonly machine: SshMachine };

export class MachineRuns {
  readonly #host: SessionHost;
  readonly links: MachineLinks;
  readonly #runs = new Set<RemoteRun>();

  constructor(host: SessionHost) {
    this.#host = host;
    this.links = new MachineLinks(host);
  }

  /** The same handlers, with what concerns other machines done there. */
  over(handlers: CoreHandlers): CoreHandlers {
    const sentOn = Object.entries(handlers).map(([method, handler]) => {
      const own = handler as (args: unknown, cancel: CancelSignal) => unknown;
      const wrapped = (args: unknown, cancel: CancelSignal) => {
        const run = this.#runOf(method, args);
        return run === null ? own(args, cancel) : this.#forward(run, method, { args, cancel });
      };
      return [method, wrapped];
    });
    return {
      ...(Object.fromEntries(sentOn) as unknown as CoreHandlers),
      'run/start': (args, cancel) =>
        args.machine === undefined
          ? handlers['run/start'](args, cancel)
          : this.#start({ ...args, machine: args.machine }, cancel),
      'run/resume': (args, cancel) =>
        args.machine === undefined
          ? handlers['run/resume'](args, cancel)
          : this.#resume({ ...args, machine: args.machine }, cancel),
    };
  }

  async #start({ machine, ...args }: Asked<'run/start'>, cancel: CancelSignal): Promise<RunInfo> {
    const link = this.links.find(machine);
    const paths = new RemotePaths(link.files);
    const file = path.resolve(args.file);
    const shipment = { link, paths, options: this.#sending(args.file, cancel) };
    const folder = await sendConfig(file, shipment);
    const outputDirectory = paths.toThere(args.overrides.outputDirectory ?? folder);
    const wish = {
      ...args,
      file: paths.toThere(file),
      overrides: { ...args.overrides, outputDirectory },
    };
    return this.#begin({ link, machine, paths, file: args.file }, (signal) =>
      link.client.request('run/start', wish, signal),
    )(cancel);
  }

  async #resume({ machine, ...args }: Asked<'run/resume'>, cancel: CancelSignal): Promise<RunInfo> {
    const link = this.links.find(machine);
    const paths = new RemotePaths(link.files);
    const here = path.resolve(args.directory);
    const record = await readRecord(here);
    claimRun(here, record);
    try {
      const there = paths.toThere(here);
      const ahead = await isAheadThere(link, there, record);
      if (ahead) await new Mirror(link, { here, there, paths, machine: machine.name }).followAll();
      else await link.client.request('files/remove', { folder: there });
      const shipment = { link, paths, options: this.#sending(args.directory, cancel) };
      await sendRun(here, { record, folder: !ahead }, shipment);
      const wish = { ...args, directory: there };
      return await this.#begin({ link, machine, paths, file: args.directory, here }, (signal) =>
        link.client.request('run/resume', wish, signal),
      )(cancel);
    } catch (error) {
      releaseRun(here);
      throw error;
    }
  }

  /** `file`: whose progress the preparation is. `here`: of a run that has its folder. */
  #begin(
    beginning: {
      readonly link: MachineLink;
      readonly machine: SshMachine;
      readonly paths: RemotePaths;
      readonly file: string;
      readonly here?: string;
    },
    ask: (signal: CancelSignal) => Promise<RunInfo>,
  ): (cancel: CancelSignal) => Promise<RunInfo> {
    const { link, machine, paths, file } = beginning;
    return async (cancel) => {
      const run = new RemoteRun({
        link,
        announce: this.#host.announce,
        onEnd: () => this.links.rest(machine),
      });
      this.#runs.add(run);
      const following = link.client.on('run/preparing', (progress) =>
        this.#host.announce('run/preparing', { ...paths.answer(progress), file }),
      );
      this.links.use(machine);
      try {
        const info = await ask(cancel);
        const here = beginning.here ?? (await freeFolder(paths.toHere(info.directory)));
        paths.except(here, info.directory);
        return await run.begun(info, { here, there: info.directory, paths, machine: machine.name });
      } catch (error) {
        run.forget();
        this.#runs.delete(run);
        this.links.rest(machine);
        throw inOurTerms(error, paths);
      } finally {
        following();
      }
    };
  }

  /** What is asked of a run by its id goes where it trains, as does a look at its next step. */
  #runOf(method: string, args: unknown): RemoteRun | null {
    const { runId, source, directory } = args as {
      readonly runId?: RunId;
      readonly source?: { readonly runId?: RunId };
      readonly directory?: string;
    };
    const wanted = runId ?? source?.runId ?? (method === 'run/explain' ? directory : undefined);
    if (wanted === undefined) return null;
    const run = [...this.#runs].reverse().find(({ place }) => place?.here === wanted) ?? null;
    if (run === null || !this.links.isOpen(run.link)) return null;
    // What has ended is on disk; only its weights are still asked of the process that trained it.
    return run.isOver && !method.startsWith('weights/') ? null : run;
  }

  async #forward(
    { link, place }: RemoteRun,
    method: string,
    { args, cancel }: { readonly args: unknown; readonly cancel: CancelSignal },
  ): Promise<unknown> {
    const { here, paths } = place!;
    try {
      const request = method as keyof Requests;
      const sent = paths.request(args, here) as Requests[typeof request]['args'];
      return paths.answer(await link.client.request(request, sent, cancel));
    } catch (error) {
      throw inOurTerms(error, paths);
    }
  }

  #sending(file: string, cancel: CancelSignal) {
    return {
      signal: toAbortSignal(cancel),
      onProgress: (message: string, fraction: number | null) =>
        this.#host.announce('run/preparing', { file, message, fraction }),
    };
  }
}

/** Whether the machine has this very run, as far as here or further. */
async function isAheadThere(
  { client }: MachineLink,
  there: string,
  { created, step }: RunRecord,
): Promise<boolean> {
  try {
    const part = { file: `${there}/${runFiles.record}`, offset: 0, length: 1 << 20 };
    const { bytes } = await client.request('files/read', part);
    const theirs = JSON.parse(new TextDecoder().decode(bytes)) as RunRecord;
    return theirs.created === created && theirs.step >= step;
  } catch (error) {
    if (isError(error, 'file.notFound') || error instanceof SyntaxError) return false;
    throw error;
  }
}

/** Another run may have begun here in the same second. Makes the folder. */
async function freeFolder(wanted: string): Promise<string> {
  for (let attempt = 1; ; attempt++) {
    const folder = attempt === 1 ? wanted : `${wanted}-${attempt}`;
    if ((await stat(folder).catch(() => null)) !== null) continue;
    await makeRunFolders(folder);
    return folder;
  }
}

function inOurTerms(error: unknown, paths: RemotePaths): unknown {
  if (!(error instanceof AppError)) return error;
  const { code, message, diagnostics } = error;
  if (code === 'core.exited') {
    return new AppError('ssh.lost', say`the connection was lost: ${paths.toHere(message)}`);
  }
  return new AppError(code, paths.toHere(message), {
    cause: error,
    diagnostics: paths.answer(diagnostics),
  });
}
