/** Compiled modules, the latest of them kept. */

const mostKept = 4;
const kept: WebAssembly.Module[] = [];

/**
 * V8 knows a module by its bytes as long as somebody holds it: a run that is begun again, or its evaluation, then finds
 * its code optimised, which may take V8 longer than a short training.
 */
export async function compileModule(bytes: Uint8Array): Promise<WebAssembly.Module> {
  const module = await WebAssembly.compile(bytes);
  kept.push(module);
  if (kept.length > mostKept) kept.shift();
  return module;
}
