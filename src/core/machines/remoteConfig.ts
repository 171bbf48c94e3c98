/** Brings what a run on another machine is made of there: the config with its data, or the folder of a run that goes on. */
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { AppError } from '../../shared/errors.ts';
import { stringifyNumbers } from '../../shared/jsonNumbers.ts';
import { parseConfig } from '../../shared/model/parseConfig.ts';
import type { TrainConfig } from '../../shared/model/trainConfig.ts';
import { namedFiles } from '../data/namedFiles.ts';
import { temporarySuffix } from '../runs/atomicFiles.ts';
import type { RunRecord } from '../runs/records.ts';
import { runFiles } from '../runs/runDirectory.ts';
import { readConfig } from '../train/readConfig.ts';
import { requirePrepared } from '../train/requirePrepared.ts';
import type { MachineLink } from '../../coreProcess/machineLink.ts';
import type { RemotePaths } from './remotePaths.ts';
import { sendFiles, type SendOptions, type SentFile } from './sendFiles.ts';

export interface Shipment {
  readonly link: MachineLink;
  readonly paths: RemotePaths;
  readonly options: SendOptions;
}

/**
 * @returns the folder of the runs, here
 * @throws AppError `file.notFound`, `config.invalid` with the diagnostics
 */
export async function sendConfig(file: string, shipment: Shipment): Promise<string> {
  const text = await readConfig(file);
  const { config, diagnostics } = parseConfig(text, file);
  if (config === null) {
    requirePrepared({ prepared: null, diagnostics }, file);
    throw new AppError('config.invalid', file, { diagnostics });
  }
  const changed = withPlacesThere(text, config, shipment.paths);
  await sendAll(shipment, await namedFiles(config, file), { [file]: changed });
  return path.resolve(path.dirname(file), config.output.dir);
}

/** The data that a run goes on with, and with `folder` also its own files. */
export async function sendRun(
  directory: string,
  { record, folder }: { readonly record: RunRecord; readonly folder: boolean },
  shipment: Shipment,
): Promise<void> {
  const text = await readFile(path.join(directory, runFiles.config), 'utf8');
  const config = JSON.parse(text) as TrainConfig;
  const data = await namedFiles(config, record.configFile);
  if (!folder) return sendAll(shipment, data, {});
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  const own = entries.filter((entry) => entry.isFile() && !entry.name.endsWith(temporarySuffix));
  const files = own.map(({ parentPath, name }) => path.join(parentPath, name));
  const there = {
    ...record,
    configFile: shipment.paths.toThere(record.configFile),
    // The process that it names is one of this machine.
    state: record.state === 'running' ? 'interrupted' : record.state,
  };
  await sendAll(shipment, [...files, ...data], {
    [path.join(directory, runFiles.record)]: stringifyNumbers(there, 1),
    [path.join(directory, runFiles.config)]: withPlacesThere(text, config, shipment.paths),
  });
}

/** A path that does not depend on where the config lies means another place there. */
function withPlacesThere(text: string, { data }: TrainConfig, paths: RemotePaths): string {
  const named = [data.path, 'labels' in data ? data.labels : null];
  let changed = text;
  for (const file of named) {
    if (typeof file !== 'string' || !path.isAbsolute(file)) continue;
    const [inJson, thereInJson] = [file, paths.toThere(file)].map((each) =>
      JSON.stringify(each).slice(1, -1),
    );
    changed = changed.replaceAll(file, paths.toThere(file));
    if (inJson !== file) changed = changed.replaceAll(inJson!, thereInJson!);
  }
  return changed;
}

/** @param texts what files hold there, where that is not what they hold here */
async function sendAll(
  { link, paths, options }: Shipment,
  files: readonly string[],
  texts: Readonly<Record<string, string>>,
): Promise<void> {
  const scratch = await mkdtemp(path.join(os.tmpdir(), 'trainbench-'));
  try {
    const sent: SentFile[] = files
      .filter((file) => !Object.hasOwn(texts, file))
      .map((file) => ({ file, place: paths.toThere(file) }));
    for (const [at, [file, text]] of Object.entries(texts).entries()) {
      const written = path.join(scratch, String(at));
      await writeFile(written, text);
      sent.push({ file: written, place: paths.toThere(file) });
    }
    await sendFiles(link, sent, options);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}
