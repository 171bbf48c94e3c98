/**
 * The text form of a generated module, for people: functions with their instructions in the words of the WebAssembly
 * text format, indented by blocks. Knows what asm.ts writes; anything else is a bug of ours.
 */
import { memoryName, namesOf } from './instructionNames.ts';
import { atomic, memory, plain, simd, valueType } from './opcodes.ts';

export function disassemble(bytes: Uint8Array): string {
  const reader = new Reader(bytes);
  reader.at = 8; // magic number and version
  const names = new Map<number, string>();
  let types: string[] = [];
  let indices: number[] = [];
  const functions: string[] = [];
  let imports = '';
  while (reader.at < bytes.length) {
    const id = reader.byte();
    const end = reader.unsigned() + reader.at;
    if (id === 1) types = reader.list(() => functionType(reader));
    if (id === 2) imports = reader.list(() => memoryImport(reader)).join('\n');
    if (id === 3) indices = reader.list(() => reader.unsigned());
    if (id === 7) reader.list(() => readExport(reader, names));
    if (id === 10) {
      let index = 0;
      reader.list(() => {
        const type = types[indices[index]!]!;
        functions.push(functionText(reader, { index, type, name: names.get(index) }));
        index++;
      });
    }
    reader.at = end;
  }
  return ['(module', imports, ...functions, ')', ''].join('\n');
}

class Reader {
  at = 0;
  private readonly bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }

  byte(): number {
    return this.bytes[this.at++]!;
  }

  take(count: number): Uint8Array {
    this.at += count;
    return this.bytes.subarray(this.at - count, this.at);
  }

  /** LEB128. */
  unsigned(): number {
    let [value, scale] = [0, 1];
    for (;;) {
      const byte = this.byte();
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
      scale *= 128;
    }
  }

  signed(): number {
    let [value, scale] = [0, 1];
    for (;;) {
      const byte = this.byte();
      value += (byte & 0x7f) * scale;
      scale *= 128;
      if (byte < 0x80) return (byte & 0x40) === 0 ? value : value - scale;
    }
  }

  text(): string {
    return new TextDecoder().decode(this.take(this.unsigned()));
  }

  list<T>(read: () => T): T[] {
    return Array.from({ length: this.unsigned() }, read);
  }
}

const typeNames = new Map(Object.entries(valueType).map(([name, code]) => [code as number, name]));

function functionType(reader: Reader): string {
  reader.byte();
  const params = reader.list(() => typeNames.get(reader.byte())!);
  reader.list(() => reader.byte());
  return params.length === 0 ? '' : ` (param ${params.join(' ')})`;
}

function memoryImport(reader: Reader): string {
  const [from, name] = [reader.text(), reader.text()];
  reader.byte();
  const shared = reader.byte() === 3 ? ' shared' : '';
  const [least, most] = [reader.unsigned(), reader.unsigned()];
  return `  (import "${from}" "${name}" (memory ${least} ${most}${shared}))`;
}

function readExport(reader: Reader, names: Map<number, string>): void {
  const name = reader.text();
  reader.byte();
  names.set(reader.unsigned(), name);
}

interface FunctionHead {
  readonly index: number;
  readonly type: string;
  readonly name: string | undefined;
}

function functionText(reader: Reader, { index, type, name }: FunctionHead): string {
  const end = reader.unsigned() + reader.at;
  const locals = reader.list(() => {
    const count = reader.unsigned();
    const local = typeNames.get(reader.byte())!;
    return Array.from({ length: count }, () => local);
  });
  const exported = name === undefined ? '' : ` (export "${name}")`;
  const lines = [`  (func $f${index}${exported}${type}`];
  if (locals.length > 0) lines.push(`    (local ${locals.flat().join(' ')})`);
  let depth = 2;
  while (reader.at < end - 1) {
    const text = instruction(reader);
    if (text === 'end' || text === 'else') depth--;
    lines.push(`${'  '.repeat(depth)}${text}`);
    if (text === 'else' || text === 'loop' || text === 'if') depth++;
  }
  reader.at = end;
  return `${lines.join('\n')}\n  )`;
}

/** Without operands. */
const simple = new Map<number, string>([
  [0x05, 'else'],
  [0x0b, 'end'],
  [0x1a, 'drop'],
  ...namesOf(plain),
]);

const withIndex = new Map([
  [0x0d, 'br_if'],
  [0x20, 'local.get'],
  [0x21, 'local.set'],
  [0x22, 'local.tee'],
]);

const withAddress = new Map([
  [0x28, 'i32.load'],
  [0x2d, 'i32.load8_u'],
  [0x36, 'i32.store'],
]);

function instruction(reader: Reader): string {
  const code = reader.byte();
  const known = simple.get(code);
  if (known !== undefined) return known;
  const indexed = withIndex.get(code);
  if (indexed !== undefined) return `${indexed} ${reader.unsigned()}`;
  const addressed = withAddress.get(code);
  if (addressed !== undefined) return `${addressed}${address(reader)}`;
  switch (code) {
    case 0x03:
    case 0x04:
      reader.byte(); // no result
      return code === 0x03 ? 'loop' : 'if';
    case 0x10:
      return `call $f${reader.unsigned()}`;
    case 0x41:
      return `i32.const ${reader.signed()}`;
    case 0x42:
      return `i64.const ${reader.signed()}`;
    case 0xfc:
      reader.take(2);
      return 'memory.fill';
    case 0xfd:
      return vectorInstruction(reader);
    case 0xfe: {
      const name = atomicNames.get(reader.byte());
      return `${name ?? unknown(code)}${address(reader)}`;
    }
    default:
      return unknown(code);
  }
}

const vectorNames = new Map(namesOf(simd));
const memoryNames = new Map(
  Object.entries(memory).map(([name, code]) => [code as number, memoryName(name)]),
);
const atomicNames = new Map<number, string>([
  [atomic.notify, 'memory.atomic.notify'],
  [atomic.wait, 'memory.atomic.wait32'],
  [atomic.load, 'i32.atomic.load'],
  [atomic.store, 'i32.atomic.store'],
  [atomic.add, 'i32.atomic.rmw.add'],
  [atomic.compareExchange, 'i32.atomic.rmw.cmpxchg'],
]);

function vectorInstruction(reader: Reader): string {
  const code = reader.unsigned();
  if (code === 0x0c) return `v128.const i8x16 ${reader.take(16).join(' ')}`;
  const inMemory = memoryNames.get(code);
  if (inMemory !== undefined) {
    const place = address(reader);
    return inMemory.endsWith('_lane')
      ? `${inMemory}${place} ${reader.byte()}`
      : `${inMemory}${place}`;
  }
  const name = vectorNames.get(code) ?? unknown(code);
  if (code === simd.shuffle) return `${name} ${reader.take(16).join(' ')}`;
  return name.endsWith('_lane') ? `${name} ${reader.byte()}` : name;
}

/** Offset and alignment, as far as they say something. */
function address(reader: Reader): string {
  const align = reader.byte();
  const offset = reader.unsigned();
  return `${offset === 0 ? '' : ` offset=${offset}`} align=${2 ** align}`;
}

function unknown(code: number): never {
  throw new Error(`internal: no text for opcode ${code.toString(16)}`);
}
