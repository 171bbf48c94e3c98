/**
 * Writes the part of Python's pickle (protocol 2) that a PyTorch state_dict needs. Opcodes as in
 * CPython's Lib/pickletools.py. Only the globals that `torch.load(weights_only=True)` allows are used.
 */
import { invariant } from '../../../shared/errors.ts';

/** A value in the order in which the pickle machine pushes it. */
export type PickleValue =
  | { readonly kind: 'string'; readonly value: string }
  | { readonly kind: 'int'; readonly value: number }
  | { readonly kind: 'bool'; readonly value: boolean }
  | { readonly kind: 'tuple'; readonly items: readonly PickleValue[] }
  | { readonly kind: 'global'; readonly module: string; readonly name: string }
  /** `callable(*args)`. */
  | { readonly kind: 'call'; readonly callable: PickleValue; readonly args: PickleValue }
  /** An object kept outside the pickle, found by this id. */
  | { readonly kind: 'persistent'; readonly id: PickleValue }
  /** `object` (a mapping) with these items set. */
  | {
      readonly kind: 'items';
      readonly object: PickleValue;
      readonly items: readonly (readonly [string, PickleValue])[];
    };

export const pickled = {
  string: (value: string): PickleValue => ({ kind: 'string', value }),
  int: (value: number): PickleValue => ({ kind: 'int', value }),
  bool: (value: boolean): PickleValue => ({ kind: 'bool', value }),
  tuple: (items: readonly PickleValue[]): PickleValue => ({ kind: 'tuple', items }),
  global: (module: string, name: string): PickleValue => ({ kind: 'global', module, name }),
  call: (callable: PickleValue, args: readonly PickleValue[]): PickleValue => ({
    kind: 'call',
    callable,
    args: { kind: 'tuple', items: args },
  }),
};

const op = {
  protocol: 0x80,
  stop: 0x2e,
  binUnicode: 0x58,
  binInt: 0x4a,
  newTrue: 0x88,
  newFalse: 0x89,
  mark: 0x28,
  tuple: 0x74,
  global: 0x63,
  reduce: 0x52,
  persistentId: 0x51,
  setItems: 0x75,
} as const;

export function pickle(value: PickleValue): Uint8Array {
  const bytes: number[] = [op.protocol, 2];
  write(value, bytes);
  bytes.push(op.stop);
  return Uint8Array.from(bytes);
}

function write(value: PickleValue, out: number[]): void {
  switch (value.kind) {
    case 'string':
      writeString(value.value, out);
      return;
    case 'int':
      invariant(
        Number.isInteger(value.value) && Math.abs(value.value) < 2 ** 31,
        'int32 in pickle',
      );
      out.push(op.binInt, ...littleEndian(value.value));
      return;
    case 'bool':
      out.push(value.value ? op.newTrue : op.newFalse);
      return;
    case 'tuple':
      out.push(op.mark);
      for (const item of value.items) write(item, out);
      out.push(op.tuple);
      return;
    case 'global':
      out.push(op.global, ...new TextEncoder().encode(`${value.module}\n${value.name}\n`));
      return;
    case 'call':
      write(value.callable, out);
      write(value.args, out);
      out.push(op.reduce);
      return;
    case 'persistent':
      write(value.id, out);
      out.push(op.persistentId);
      return;
    case 'items':
      write(value.object, out);
      out.push(op.mark);
      for (const [key, item] of value.items) {
        writeString(key, out);
        write(item, out);
      }
      out.push(op.setItems);
      return;
  }
}

function writeString(text: string, out: number[]): void {
  const utf8 = new TextEncoder().encode(text);
  out.push(op.binUnicode, ...littleEndian(utf8.length), ...utf8);
}

function littleEndian(value: number): number[] {
  return [value & 0xff, (value >> 8) & 0xff, (value >> 16) & 0xff, (value >> 24) & 0xff];
}
