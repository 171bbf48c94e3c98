import { readFile } from 'node:fs/promises';
import { AppError, errorMessage } from '../../shared/errors.ts';
import { say } from '../../shared/language.ts';

const reasons: Readonly<Record<string, () => string>> = {
  EISDIR: () => say('it is a folder; name a config in it'),
  ERR_ENCODING_INVALID_ENCODED_DATA: () => say('it is not UTF-8; save it as UTF-8'),
  ENOENT: () => say('there is no such file'),
};

/** The text of a config file. @throws AppError `file.notFound` with the reason. */
export async function readConfig(file: string): Promise<string> {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(await readFile(file));
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
    const reason = reasons[code]?.() ?? errorMessage(cause);
    throw new AppError('file.notFound', say`cannot read the config ${file}: ${reason}`, { cause });
  }
}
