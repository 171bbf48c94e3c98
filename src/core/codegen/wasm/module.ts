/** Puts functions together to a module that imports its memory as `env.memory`. */
import type { FunctionBuilder } from './asm.ts';
import { ByteBuffer } from './byteBuffer.ts';
import { valueType } from './opcodes.ts';

export interface ModuleFunction {
  readonly builder: FunctionBuilder;
  /** Exported under this name, if any. */
  readonly name?: string;
}

export interface ModuleMemory {
  /** Units of 64 KiB. */
  readonly pages: number;
  /** Several threads may run the module over one memory. */
  readonly shared: boolean;
}

export function encodeModule(
  functions: readonly ModuleFunction[],
  memory: ModuleMemory,
): Uint8Array {
  const types = new Map<string, number>();
  const typeSection = new ByteBuffer();
  const indices = functions.map(({ builder }) => {
    const key = builder.params.join();
    const known = types.get(key);
    if (known !== undefined) return known;
    types.set(key, types.size);
    typeSection.byte(0x60);
    typeSection.unsigned(builder.params.length);
    for (const param of builder.params) typeSection.byte(valueType[param]);
    typeSection.byte(0);
    return types.size - 1;
  });
  const out = new ByteBuffer();
  out.bytes([0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0]);
  section(out, 1, types.size, typeSection);
  section(out, 2, 1, memoryImport(memory));
  section(out, 3, functions.length, encoded(indices));
  const exported = functions.flatMap(({ name }, index) =>
    name === undefined ? [] : [{ name, index }],
  );
  const exports = new ByteBuffer();
  for (const { name, index } of exported) {
    exports.text(name);
    exports.byte(0);
    exports.unsigned(index);
  }
  section(out, 7, exported.length, exports);
  const code = new ByteBuffer();
  for (const { builder } of functions) code.nested(builder.finish());
  section(out, 10, functions.length, code);
  return out.view().slice();
}

function memoryImport({ pages, shared }: ModuleMemory): ByteBuffer {
  const memory = new ByteBuffer();
  memory.text('env');
  memory.text('memory');
  memory.bytes([2, shared ? 3 : 1]);
  memory.unsigned(pages);
  memory.unsigned(pages);
  return memory;
}

function encoded(values: readonly number[]): ByteBuffer {
  const buffer = new ByteBuffer();
  for (const value of values) buffer.unsigned(value);
  return buffer;
}

function section(out: ByteBuffer, id: number, count: number, content: ByteBuffer): void {
  const body = new ByteBuffer();
  body.unsigned(count);
  body.bytes(content.view());
  out.byte(id);
  out.nested(body);
}
