/** The functions that kernels of a module call for what is innermost, each of them once. */
import { addFunction, type AddSpec } from './addFunction.ts';
import type { FunctionBuilder } from './asm.ts';
import type { ModuleFunction } from './module.ts';
import { type FunctionOptions, tileFunction, type TileSpec } from './tileFunction.ts';
import { transformFunction, type TransformSpec } from './winogradTransform.ts';

export type InnerSpec = TileSpec | TransformSpec | AddSpec;

export class InnerFunctions {
  private readonly known = new Map<string, number>();
  private readonly functions: ModuleFunction[];
  private readonly options: FunctionOptions;

  constructor(functions: ModuleFunction[], options: FunctionOptions) {
    this.functions = functions;
    this.options = options;
  }

  /** Index of the function in the module. */
  indexOf(spec: InnerSpec): number {
    const key = JSON.stringify(spec);
    const known = this.known.get(key);
    if (known !== undefined) return known;
    const index = this.functions.push({ builder: this.build(spec) }) - 1;
    this.known.set(key, index);
    return index;
  }

  private build(spec: InnerSpec): FunctionBuilder {
    if ('transform' in spec) return transformFunction(spec, this.options);
    return 'numbers' in spec ? addFunction(spec) : tileFunction(spec, this.options);
  }
}
