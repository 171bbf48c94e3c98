/** What programs of the test VS Code see of the machine. */
import path from 'node:path';

/**
 * The environment of a program of VS Code that keeps to one folder: no proxy, no VSCODE_* of an outer editor, no
 * NODE_OPTIONS of the test runner.
 */
export function cleanEnvironment(
  root: string,
  extra: Readonly<Record<string, string>> = {},
): NodeJS.ProcessEnv {
  const home = path.join(root, 'home');
  const tmp = path.join(root, 'tmp');
  const gallery = {
    serviceUrl: '',
    itemUrl: '',
    resourceUrlTemplate: '',
    controlUrl: '',
    recommendationsUrl: '',
  };
  return {
    PATH: process.env['PATH'],
    LANG: 'C.UTF-8',
    SHELL: '/bin/bash',
    HOME: home,
    XDG_CONFIG_HOME: path.join(home, '.config'),
    XDG_DATA_HOME: path.join(home, '.local/share'),
    XDG_RUNTIME_DIR: tmp,
    TMPDIR: tmp,
    EXTENSIONS_GALLERY: JSON.stringify(gallery),
    ...extra,
  };
}
