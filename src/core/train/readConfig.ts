import { readFile } from 'node:fs/promises';
import { AppError, errorMessage } from '../../shared/errors.ts';

const reasons: Readonly<Record<string, string>> = {
  EISDIR: 'it is a folder; name a config in it',
  ENOENT: 'there is no such file',
};

/** The text of a config file. @throws AppError `file.notFound` with the reason. */
export async function readConfig(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
    const reason = reasons[code] ?? errorMessage(cause);
    throw new AppError('file.notFound', `cannot read the config ${file}: ${reason}`, { cause });
  }
}
