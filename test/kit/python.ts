/** Debian's Python as an oracle: PyTorch and scikit-learn where they are installed. */
import { spawnSync } from 'node:child_process';

const python = '/usr/bin/python3';

/** Whether Debian's Python can import `module`; tests that need it skip when it cannot. */
export function pythonHas(module: string): boolean {
  const find = `import importlib.util as u, sys; sys.exit(u.find_spec("${module}") is None)`;
  return spawnSync(python, ['-c', find], { stdio: 'ignore' }).status === 0;
}

/** Runs a script and gives what it printed. @throws with its error output when it fails. */
export function runPython(script: string, args: readonly string[] = []): string {
  const { status, stdout, stderr } = spawnSync(python, [script, ...args], {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    env: { ...process.env, OPENBLAS_NUM_THREADS: '1' },
  });
  if (status !== 0) throw new Error(`${script} failed:\n${stderr}`);
  return stdout;
}
