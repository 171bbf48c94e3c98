/**
 * Who may import whom, as in src/README.md; the architecture test holds the code to it.
 * An area is the longest folder below that a file lies in. Every area may import itself.
 */

/** Areas that know no platform and depend on nothing of ours but each other. */
const basics = ['src/shared'];
const ir = [...basics, 'src/core/ir'];

export const importTable: Readonly<Record<string, readonly string[]>> = {
  'src/shared': [],
  'src/shared/tensor': [],
  'src/shared/model': ['src/shared', 'src/shared/tensor'],
  'src/shared/protocol': ['src/shared', 'src/shared/model'],
  'src/core/random': basics,
  'src/core/ir': [...basics, 'src/shared/tensor'],
  'src/core/autodiff': [...ir, 'src/shared/tensor'],
  'src/core/passes': [...ir, 'src/shared/tensor'],
  'src/core/layers': [
    ...ir,
    'src/core/random',
    'src/core/graph',
    'src/shared/tensor',
    'src/shared/model',
    'src/shared/protocol',
  ],
  'src/core/graph': [
    ...ir,
    'src/core/layers',
    'src/core/random',
    'src/shared/tensor',
    'src/shared/model',
    'src/shared/protocol',
  ],
  'src/core/optim': [
    ...ir,
    'src/core/graph',
    'src/core/layers',
    'src/shared/tensor',
    'src/shared/model',
  ],
  'src/core/codegen/wasm': [...ir, 'src/core/passes', 'src/core/random', 'src/shared/tensor'],
  'src/core/codegen/wgsl': [...ir, 'src/core/passes', 'src/core/random', 'src/shared/tensor'],
  'src/core/backends': [...ir, 'src/shared/tensor'],
  'src/core/backends/wasm': [
    ...ir,
    'src/core/backends',
    'src/core/codegen/wasm',
    'src/core/passes',
    'src/core/random',
    'src/shared/tensor',
  ],
  'src/core/backends/reference': [
    ...ir,
    'src/core/backends',
    'src/core/passes',
    'src/core/random',
    'src/shared/tensor',
  ],
  'src/core/data': [
    ...basics,
    'src/core/random',
    'src/core/graph',
    'src/shared/tensor',
    'src/shared/model',
    'src/shared/protocol',
  ],
  'src/core/inspect': [...basics, 'src/core/data', 'src/shared/model', 'src/shared/protocol'],
  'src/core/propose': [
    ...basics,
    'src/core/data',
    'src/core/inspect',
    'src/shared/model',
    'src/shared/protocol',
  ],
  'src/core/runs': [
    ...basics,
    'src/shared/tensor',
    'src/shared/model',
    'src/shared/protocol',
    'src/core/data',
  ],
  'src/core/train': [
    ...ir,
    'src/core/autodiff',
    'src/core/passes',
    'src/core/backends',
    'src/core/random',
    'src/core/layers',
    'src/core/graph',
    'src/core/optim',
    'src/core/data',
    'src/core/runs',
    'src/shared/tensor',
    'src/shared/model',
    'src/shared/protocol',
  ],
  'src/core/tensors': [...basics, 'src/shared/tensor', 'src/shared/protocol'],
  'src/core/session': [
    ...basics,
    'src/core/backends',
    'src/core/train',
    'src/core/runs',
    'src/core/tensors',
    'src/core/data',
    'src/core/graph',
    'src/core/inspect',
    'src/core/propose',
    'src/shared/model',
    'src/shared/protocol',
    'src/shared/tensor',
  ],
  'src/core': ['src/core/*', 'src/shared/*', ...basics],
  'src/coreProcess': [...basics, 'src/shared/protocol'],
  'src/cli': [...basics, 'src/coreProcess', 'src/shared/protocol', 'src/shared/model'],
  'src/extension': [...basics, 'src/coreProcess', 'src/shared/protocol', 'src/shared/model'],
  'src/build': ['src/shared/*', 'src/core/*', ...basics],
  'webviews/kit': [...basics, 'src/shared/protocol', 'src/shared/tensor'],
  webviews: [...basics, 'webviews/kit', 'src/shared/protocol', 'src/shared/tensor'],
};

/** Packages that only these areas may import; every other one is free. */
export const restrictedPackages: Readonly<Record<string, readonly string[]>> = {
  vscode: ['src/extension'],
  undici: ['src/core/data'],
  uplot: ['webviews'],
  '@vscode/webview-ui-toolkit': ['webviews/kit'],
};
