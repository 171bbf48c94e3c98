/** Tells when one of some files changes on disk, whoever writes it; what comes in a row is told once. */
import path from 'node:path';
import { RelativePattern, Uri, workspace } from 'vscode';
import type { Disposes } from '../lifetime.ts';

/** An editor or a script may write a file in several steps. */
const quietMs = 300;

export function watchFiles(files: readonly string[], changed: () => void): Disposes {
  let timer: NodeJS.Timeout | null = null;
  const later = () => {
    if (timer !== null) clearTimeout(timer);
    timer = setTimeout(changed, quietMs);
  };
  const watchers = files.map((file) => watch(file, later));
  return {
    dispose() {
      if (timer !== null) clearTimeout(timer);
      for (const watcher of watchers) watcher.dispose();
    },
  };
}

function watch(file: string, changed: () => void): Disposes {
  const { dir, base } = path.parse(file);
  // What a pattern would take for its own signs stands for any character; the path is compared besides.
  const pattern = new RelativePattern(Uri.file(dir), base.replace(/[*?[\]{},]/g, '?'));
  const watcher = workspace.createFileSystemWatcher(pattern);
  const tell = ({ fsPath }: Uri) => {
    if (path.basename(fsPath) === base) changed();
  };
  watcher.onDidChange(tell);
  watcher.onDidCreate(tell);
  watcher.onDidDelete(tell);
  return watcher;
}
