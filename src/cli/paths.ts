/** What relative paths are relative to, and how paths are shown. */
import path from 'node:path';

export interface Paths {
  readonly resolve: (file: string) => string;
  /** Relative where that is shorter to read, absolute otherwise. */
  readonly show: (file: string) => string;
}

/**
 * npm runs scripts in the folder of the package and says in INIT_CWD where the user is. The variable
 * leaks to programs started by other scripts, so it counts only in the folder npm put us in.
 */
export function startFolder(environment: NodeJS.ProcessEnv, cwd: string): string {
  const { INIT_CWD: initial, npm_package_json: packageFile } = environment;
  return initial && packageFile && path.dirname(packageFile) === cwd ? initial : cwd;
}

export function createPaths(base: string): Paths {
  return {
    resolve: (file) => path.resolve(base, file),
    show(file) {
      const relative = path.relative(base, file);
      const outside = relative === '' || relative.startsWith('..') || path.isAbsolute(relative);
      return outside ? file : relative;
    },
  };
}
