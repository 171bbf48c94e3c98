/** The command line that ships in the extension, on the Node that the core runs on: users need none of their own. */
import path from 'node:path';
import { workspace } from 'vscode';
import { findRuntime } from '../../coreProcess/runtime.ts';
import { currentLanguage } from '../../shared/language.ts';
import { settingTable } from '../config/settings.ts';
import { shellLine } from './shellLine.ts';

export interface CliProgram {
  readonly executable: string;
  /** What comes before the words of a command. */
  readonly script: string;
  /** Has to be set for the executable. */
  readonly environment: Readonly<Record<string, string>>;
}

/** @throws AppError `core.noRuntime`. */
export function cliProgram(extensionPath: string): CliProgram {
  const bundleFolder = path.join(extensionPath, 'dist');
  const named = nodePath();
  const search = { bundleFolder, ...(named === undefined ? {} : { nodePath: named }) };
  const { executable, kind } = findRuntime(search);
  const storage = process.env['TRAINBENCH_STORAGE'];
  const script = path.join(bundleFolder, 'cli.cjs');
  return {
    executable,
    script,
    environment: {
      // What it says to type next can be typed.
      TRAINBENCH_PROGRAM: shellLine([executable, script]),
      TRAINBENCH_LANGUAGE: currentLanguage(),
      ...(storage === undefined ? {} : { TRAINBENCH_STORAGE: storage }),
      ...(kind === 'host' ? { ELECTRON_RUN_AS_NODE: '1' } : {}),
    },
  };
}

/** The user's own Node.js for the core, or undefined for the shipped one. */
export function nodePath(): string | undefined {
  const { key, fallback } = settingTable.nodePath;
  const named = workspace.getConfiguration().get<string>(key, fallback).trim();
  return named === '' ? undefined : path.normalize(named);
}
