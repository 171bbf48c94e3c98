/** How esbuild makes one file of a program of the benches, as the core is built: it needs nothing besides but `webgpu`. */
import type { BuildOptions } from 'esbuild';

export const programBundle = {
  bundle: true,
  minify: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  external: ['webgpu'],
  loader: { '.es.json': 'copy' },
  // Some libraries call `require`.
  banner: {
    js: "import { createRequire as requireFrom } from 'node:module'; const require = requireFrom(import.meta.url);",
  },
} as const satisfies BuildOptions;
