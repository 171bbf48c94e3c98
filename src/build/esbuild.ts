/**
 * Bundles everything that ships into dist/. An entry whose source does not exist yet is skipped.
 * Usage: node --import tsx src/build/esbuild.ts [--watch]
 */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import * as esbuild from 'esbuild';

interface Bundle {
  readonly source: string;
  /** Below dist/. */
  readonly output: string;
  readonly options: esbuild.BuildOptions;
}

const root = fileURLToPath(new URL('../..', import.meta.url));

// CommonJS has no import.meta.url; sources use it to find files beside their bundle.
const bundleUrl = 'const trainbenchBundleUrl=require("node:url").pathToFileURL(__filename).href;';

const node: esbuild.BuildOptions = {
  platform: 'node',
  format: 'cjs',
  banner: { js: bundleUrl },
  define: { 'import.meta.url': 'trainbenchBundleUrl' },
};

const browser: esbuild.BuildOptions = {
  platform: 'browser',
  format: 'esm',
  target: 'chrome130',
  splitting: true,
};

const bundles: readonly Bundle[] = [
  {
    source: 'src/extension/main.ts',
    output: 'extension.cjs',
    options: { ...node, target: 'node22', external: ['vscode'] },
  },
  // Loaded on the first look at Azure, and when somebody opens the demo.
  {
    source: 'src/extension/azure/main.ts',
    output: 'azure.cjs',
    options: { ...node, target: 'node22', external: ['vscode', 'cpu-features', '*.node'] },
  },
  { source: 'src/azureRig/rig.ts', output: 'azureRig.cjs', options: { ...node, target: 'node22' } },
  // `vscode` is not external here: a core that imports it does not build.
  // `webgpu` is a library of the platform, loaded where it is used.
  {
    source: 'src/core/main.ts',
    output: 'core.cjs',
    options: { ...node, target: 'node20', external: ['webgpu'] },
  },
  // A library for a thread of the core (data/images/symmetricEigen.ts).
  {
    source: 'node_modules/ml-matrix/matrix.js',
    output: 'matrix.cjs',
    options: { ...node, target: 'node20' },
  },
  // Its native parts are optional: what is faster with them is not what takes the time here.
  {
    source: 'src/ssh/connectMachine.ts',
    output: 'ssh.cjs',
    options: { ...node, target: 'node20', external: ['cpu-features', '*.node'] },
  },
  {
    source: 'src/core/tensorFlowMain.ts',
    output: 'tensorflow.cjs',
    options: { ...node, target: 'node20' },
  },
  {
    source: 'src/cli/main.ts',
    output: 'cli.cjs',
    options: { ...node, target: 'node20', banner: { js: `#!/usr/bin/env node\n${bundleUrl}` } },
  },
  ...['evaluate', 'explain', 'lookAtData', 'lossPlot', 'predict', 'profile', 'weights'].map(
    (view) => ({
      source: `webviews/${view}/main.ts`,
      output: `webviews/${view}.js`,
      options: browser,
    }),
  ),
];

const { version: release } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as {
  version: string;
};

/** One id for all bundles of a build, so that the ends of a link know whether they belong together. */
function buildId(): string {
  const hash = createHash('sha256');
  for (const folder of ['src', 'webviews']) {
    for (const file of readdirSync(path.join(root, folder), { recursive: true })
      .map(String)
      .sort()) {
      if (/\.(ts|css)$/.test(file)) {
        hash.update(`${file}\n`).update(readFileSync(path.join(root, folder, file)));
      }
    }
  }
  return hash.digest('hex').slice(0, 12);
}

function buildOptions({ source, output, options }: Bundle, id: string): esbuild.BuildOptions {
  const { dir, name, ext } = path.parse(output);
  return {
    absWorkingDir: root,
    entryPoints: { [name]: source },
    outdir: path.join('dist', dir),
    outExtension: { '.js': ext },
    chunkNames: 'chunks/[name]-[hash]',
    // A dictionary lies beside the bundles and is read only where its language is spoken.
    loader: { '.es.json': 'copy' },
    assetNames: '[name]',
    bundle: true,
    minify: true,
    sourcemap: 'linked',
    legalComments: 'none',
    logLevel: 'warning',
    ...options,
    define: {
      ...options.define,
      trainbenchBuildId: JSON.stringify(id),
      trainbenchRelease: JSON.stringify(release),
    },
  };
}

async function main(watch: boolean): Promise<void> {
  const present = bundles.filter(({ source }) => existsSync(path.join(root, source)));
  for (const { source } of bundles.filter((bundle) => !present.includes(bundle))) {
    process.stdout.write(`skipped: ${source} does not exist yet\n`);
  }
  rmSync(path.join(root, 'dist', 'webviews'), { recursive: true, force: true }); // stale chunks
  // While watching, bundles are rebuilt one by one and have to fit all the same.
  const id = watch ? 'watch' : buildId();
  if (watch) {
    const contexts = await Promise.all(
      present.map((bundle) => esbuild.context({ ...buildOptions(bundle, id), logLevel: 'info' })),
    );
    await Promise.all(contexts.map((context) => context.watch()));
    return;
  }
  const results = await Promise.allSettled(
    present.map((bundle) => esbuild.build(buildOptions(bundle, id))),
  );
  // esbuild has printed what is wrong, with file and line.
  if (results.some(({ status }) => status === 'rejected')) process.exitCode = 1;
  for (const { output } of present.filter((_, i) => results[i]!.status === 'fulfilled')) {
    const kilobytes = (readFileSync(path.join(root, 'dist', output)).length / 1024).toFixed(0);
    process.stdout.write(`dist/${output} ${kilobytes} KB\n`);
  }
}

await main(process.argv.includes('--watch'));
