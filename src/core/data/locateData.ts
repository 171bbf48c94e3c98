/** Finds the data file of a config: beside the config, or downloaded. */
import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import type { Diagnostic } from '../../shared/diagnostics.ts';
import { say } from '../../shared/language.ts';
import { AppError } from '../../shared/errors.ts';
import type { ConfigDocument } from '../../shared/model/configDocument.ts';
import type { TableData } from '../../shared/model/data.ts';
import { suggest } from '../../shared/model/suggest.ts';
import { download, type DownloadOptions } from './download.ts';

export interface DataPlace {
  readonly data: TableData;
  readonly document: ConfigDocument;
  /** The config file; a relative `path` is relative to its folder. */
  readonly configFile: string;
  readonly download: DownloadOptions;
}

/** An absolute path of a file that is there, or why not. */
export async function locateData(
  place: DataPlace,
): Promise<{ file: string } | { diagnostic: Diagnostic }> {
  const given = place.data.path;
  if (/^[a-z][a-z0-9+.-]+:\/\//i.test(given)) return downloadData(place);
  const file = path.resolve(path.dirname(place.configFile), given);
  const kind = await kindOf(file);
  if (kind === 'file') return { file };
  const message =
    kind === 'folder' ? say`${file} is a folder, not a file` : say`there is no file ${file}`;
  const near = kind === null ? await nearName(file) : null;
  return {
    diagnostic: place.document.at(['data', 'path'], {
      code: 'data.missingFile',
      message,
      ...(near === null ? {} : { hint: say`did you mean \`${near}\`?` }),
    }),
  };
}

async function downloadData({ data, document, download: options }: DataPlace) {
  try {
    const { file } = await download(data.path, { ...options, sha256: data.sha256 });
    return { file };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return {
      diagnostic: document.at(['data', 'path'], { code: error.code, message: error.message }),
    };
  }
}

async function kindOf(file: string): Promise<'file' | 'folder' | null> {
  try {
    return (await stat(file)).isDirectory() ? 'folder' : 'file';
  } catch {
    return null; // whatever the reason, the file cannot be used
  }
}

async function nearName(file: string): Promise<string | null> {
  try {
    return suggest(path.basename(file), await readdir(path.dirname(file)));
  } catch {
    return null; // no such folder: nothing to suggest
  }
}
