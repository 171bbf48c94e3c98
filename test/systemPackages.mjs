/**
 * Installs the Debian packages the tests use, when we may. What is missing afterwards makes single tests
 * skip (they say so), except for the browser, without which the VS Code stages fail with a clear message.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

/** Package, what it is for, and how to see that it is there. */
const packages = [
  { name: 'chromium', use: 'the VS Code tests', present: () => onPath('chromium') },
  {
    name: 'fonts-dejavu-core',
    use: 'screenshots',
    present: () => existsSync('/usr/share/fonts/truetype/dejavu'),
  },
  { name: 'g++', use: 'building the VS Code test host', present: () => onPath('g++') },
  { name: 'make', use: 'building the VS Code test host', present: () => onPath('make') },
  {
    name: 'curl',
    use: 'the test of the line that asks a served model',
    present: () => onPath('curl'),
  },
  {
    name: 'openssh-server',
    use: 'training over SSH',
    present: () => existsSync('/usr/sbin/sshd'),
  },
  { name: 'git', use: 'the VS Code test host', present: () => onPath('git') },
  { name: 'python3', use: 'oracles', present: () => existsSync('/usr/bin/python3') },
  { name: 'python3-torch', use: 'the PyTorch oracle', present: () => pythonHas('torch') },
  { name: 'python3-sklearn', use: 'the scikit-learn oracle', present: () => pythonHas('sklearn') },
  {
    name: 'libvulkan1',
    use: 'the WebGPU compiler',
    present: () => existsSync('/usr/lib/x86_64-linux-gnu/libvulkan.so.1'),
  },
];

function onPath(program) {
  return spawnSync('sh', ['-c', `command -v ${program}`], { stdio: 'ignore' }).status === 0;
}

function pythonHas(module) {
  return (
    spawnSync(
      '/usr/bin/python3',
      ['-c', `import importlib.util as u, sys; sys.exit(u.find_spec("${module}") is None)`],
      { stdio: 'ignore' },
    ).status === 0
  );
}

export function installSystemPackages() {
  if (process.platform !== 'linux') return;
  const missing = packages.filter(({ present }) => !present());
  if (missing.length === 0) return;
  const names = missing.map(({ name }) => name);
  if (process.getuid() !== 0 || !onPath('apt-get')) {
    const list = missing.map(({ name, use }) => `  ${name}  (${use})`).join('\n');
    process.stdout.write(
      `Missing packages; install them as root with: apt-get install ${names.join(' ')}\n${list}\n`,
    );
    return;
  }
  process.stdout.write(`Installing ${names.join(' ')} (apt-get) ...\n`);
  const apt = (...args) =>
    spawnSync('apt-get', ['-qq', ...args], {
      stdio: ['ignore', 'ignore', 'inherit'],
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    });
  apt('update');
  if (apt('install', '-y', '--no-install-recommends', ...names).status !== 0) {
    process.stdout.write('apt-get failed; tests that need these packages will say so.\n');
  }
}
