/** Models whose layers name their inputs. */
import assert from 'node:assert/strict';
import { buildModel } from '../../../src/core/graph/buildModel.ts';
import { formatDiagnostic } from '../../../src/shared/diagnostics.ts';
import { parseConfig } from '../../../src/shared/model/parseConfig.ts';
import { assertClose } from '../../kit/close.ts';
import { evaluate, forwardContext } from '../../kit/evaluate.ts';

/** One layer a line, from line 6 on. */
function build(layers: readonly string[], inputs = 2) {
  const text = `task: regression
data:
  {path: a.csv, features: [a], target: b}
# layers
model:
${layers.map((layer) => `  - ${layer}`).join('\n')}
training: {epochs: 1, optimizer: Adam, loss: mean_squared_error}
`;
  const { config, document, diagnostics } = parseConfig(text, 'f');
  assert.deepEqual(diagnostics.map(formatDiagnostic), []);
  const target = { kind: 'numbers', width: 1 } as const;
  return buildModel({ config: config!, document, context: { inputShape: [inputs], target } });
}

function problemsOf(layers: readonly string[]): string[] {
  return build(layers).diagnostics.map((d) => formatDiagnostic(d).replace(/^f:/, ''));
}

const dense = (name: string, units: number, more = ''): string =>
  `{type: Dense, name: ${name}, units: ${units}${more}}`;
const out = dense('out', 1);

describe('models with branches', () => {
  it('computes a sum, a product and a concatenation of branches', async () => {
    const { model, diagnostics } = build([
      dense('a', 2),
      dense('b', 2, ', inputs: data'),
      '{type: Add, name: sum, inputs: [a, b, data]}',
      '{type: Multiply, name: product, inputs: [sum, a]}',
      '{type: Concatenate, name: all, inputs: [product, data, b]}',
      dense('out', 1, ', use_bias: false'),
    ]);
    assert.deepEqual(diagnostics, []);
    const values: Record<string, number[]> = {
      'a/kernel': [1, 2, 3, 4],
      'b/kernel': [1, 0, 0, -1],
      'out/kernel': [1, 10, 100, 1000, 10_000, 100_000],
    };
    const tensors = Object.fromEntries(
      model!.tensors.map(({ name, shape }) => {
        const count = shape.reduce((x, y) => x * y, 1);
        return [name, { shape, values: values[name] ?? new Array<number>(count).fill(1) }];
      }),
    );
    const { y } = await evaluate({ x: { shape: [1, 2], values: [2, 3] }, ...tensors }, (b, n) => ({
      y: model!.forward(n['x']!, forwardContext(b, false, n)).value,
    }));
    // a = [12, 17], b = [3, -2], sum = [17, 18], product = [204, 306]
    assertClose(y!, [204 + 3060 + 200 + 3000 + 30_000 - 200_000], { relative: 1e-12 });
  });

  it('computes layers in the order of their inputs, wherever they are written', () => {
    const { model, diagnostics } = build([
      dense('late', 2, ', inputs: early'),
      dense('early', 3, ', inputs: data'),
      dense('out', 1, ', inputs: late'),
    ]);
    assert.deepEqual(diagnostics, []);
    const order = model!.layers.map(({ name, sources }) => [name, sources] as const);
    assert.deepEqual(order, [
      ['early', ['data']],
      ['late', [0]],
      ['out', [1]],
    ]);
  });

  it('shows what goes into each layer of branches', () => {
    const { model } = build([dense('a', 2), '{type: Add, name: sum, inputs: [a, data]}', out]);
    assert.match(model!.summary.text, /^sum \(Add\) +\[batch, 2\] +0  a, data$/m);
  });

  it('shows no inputs in the summary of layers in a row', () => {
    assert.doesNotMatch(build([dense('a', 2), out]).model!.summary.text, /Inputs/);
  });

  it('spreads an axis of size 1 in sums and products', () => {
    const { model } = build([
      '{type: Reshape, name: r, target_shape: [2, 1]}',
      '{type: Reshape, name: s, target_shape: [1, 2], inputs: data}',
      '{type: Add, inputs: [r, s]}',
      'Flatten',
      out,
    ]);
    assert.deepEqual(model!.summary.layers[2]!.outputShape, [2, 2]);
  });

  const faults: readonly (readonly [title: string, layers: string[], expected: string[]])[] = [
    [
      'a name that no layer has',
      [dense('first', 2), dense('out', 1, ', inputs: frist')],
      [
        '7:48 error model.unknownLayer dense "out": no layer is called `frist` (did you mean `first`?)',
      ],
    ],
    [
      'a cycle',
      [
        dense('a', 2, ', inputs: c'),
        dense('b', 2),
        dense('c', 2),
        dense('out', 1, ', inputs: data'),
      ],
      ['6:46 error model.cycle dense "a": waits for its own output: a → b → c → a'],
    ],
    [
      'a layer that is its own input',
      [dense('a', 2), dense('out', 1, ', inputs: out')],
      ['7:48 error model.cycle dense "out": waits for its own output: out → out'],
    ],
    [
      'a branch that leads nowhere, at its end',
      [dense('a', 2), dense('b', 2), dense('c', 2), dense('out', 1, ', inputs: a')],
      [
        '8:5 warning model.unusedLayer dense "c": no layer takes its output, so it is left out of the model (name it in the `inputs` of another layer, or remove it)',
      ],
    ],
    [
      'two inputs where one is due',
      [dense('a', 2), dense('out', 1, ', inputs: [a, data]')],
      [
        '7:48 error model.inputCount dense "out": expects one input, gets 2 (join them with Add, Multiply or Concatenate)',
      ],
    ],
    [
      'one input where two are due',
      [dense('a', 2), '{type: Add, name: sum}', out],
      [
        '7:5 error model.inputCount add "sum": expects at least two inputs, gets 1 (name two layers or more: `inputs: [left, right]`)',
      ],
    ],
    [
      'shapes that do not add up',
      [dense('a', 2), dense('b', 3), '{type: Add, name: sum, inputs: [a, b, data]}', out],
      [
        '8:5 error model.shapeMismatch add "sum": expects inputs of one shape, gets [batch, 2] from "a", [batch, 3] from "b", [batch, 2] from the data (give its branches the same shape, or join them with Concatenate)',
      ],
    ],
    [
      'shapes that cannot be joined',
      [
        dense('a', 2),
        '{type: Reshape, name: r, target_shape: [1, 2], inputs: a}',
        '{type: Concatenate, name: all, inputs: [a, r]}',
        out,
      ],
      [
        '8:5 error model.shapeMismatch concatenate "all": expects inputs that differ along axis 1 only, gets [batch, 2] from "a", [batch, 1, 2] from "r"',
      ],
    ],
    [
      'an axis that is not there',
      [dense('a', 2), '{type: Concatenate, name: all, axis: 2, inputs: [a, data]}', out],
      [
        '7:42 error model.shapeMismatch concatenate "all": expects an axis from 1 to 1, or from -1 to -1, of [batch, 2] from "a", [batch, 2] from the data',
      ],
    ],
  ];
  for (const [title, layers, expected] of faults) {
    it(`reports ${title}`, () => assert.deepEqual(problemsOf(layers), expected));
  }

  it('leaves a branch that leads nowhere out of the model', () => {
    const { model } = build([dense('a', 2), dense('b', 2), dense('out', 1, ', inputs: a')]);
    assert.deepEqual(
      model!.tensors.map(({ name }) => name),
      ['a/kernel', 'a/bias', 'out/kernel', 'out/bias'],
    );
  });
});

describe('layers over images that do not fit', () => {
  const image = '{type: Reshape, name: image, target_shape: [2, 3, 4]}';
  const conv = (more: string): string => `{type: Conv2D, name: c, filters: 2${more}}`;
  const faults: readonly (readonly [title: string, layers: string[], expected: string])[] = [
    [
      'rows of numbers',
      [conv(', kernel_size: 3')],
      'conv2d "c": expects [batch, rows, columns, channels], gets [batch, 24] from the data (put a Reshape layer before it, with `target_shape: [28, 28, 1]`, say)',
    ],
    [
      'windows larger than the image',
      [image, conv(', kernel_size: [2, 5]')],
      'conv2d "c": `kernel_size: [2, 5]` is larger than what comes in: [batch, 2, 3, 4] from "image" (use a smaller one, or `padding: same`)',
    ],
    [
      'dilated windows larger than the image',
      [image, conv(', kernel_size: 2, dilation_rate: 2')],
      'conv2d "c": `kernel_size: 2`, `dilation_rate: 2` is larger than what comes in: [batch, 2, 3, 4] from "image" (use a smaller one, or `padding: same`)',
    ],
    [
      'groups that do not divide the channels',
      [image, conv(', kernel_size: 1, groups: 3')],
      'conv2d "c": cannot share out 4 channels to 3 groups (use a divisor of 4)',
    ],
    [
      'groups that do not divide the filters',
      [image, conv(', kernel_size: 1, groups: 4')],
      'conv2d "c": cannot share out 2 filters to 4 groups (use a divisor of 2)',
    ],
    [
      'pooling of a sequence too short',
      ['{type: Reshape, name: s, target_shape: [1, 24]}', '{type: MaxPooling1D, name: p}'],
      'max_pooling1d "p": `pool_size: 2` is larger than what comes in: [batch, 1, 24] from "s" (use a smaller one, or `padding: same`)',
    ],
    [
      'groups of channels that are not equal',
      [image, '{type: GroupNormalization, name: g}', 'Flatten', out],
      'group_normalization "g": cannot share out the channels of [batch, 2, 3, 4] from "image" to 32 groups (use a divisor of 4, or `groups: -1` for each channel on its own)',
    ],
  ];
  for (const [title, layers, expected] of faults) {
    it(`reports ${title}`, () => {
      const { diagnostics } = build(layers, 24);
      const found = diagnostics.filter(({ code }) => code === 'model.shapeMismatch');
      assert.equal(
        found
          .map(formatDiagnostic)
          .join('\n')
          .replace(/^f:\d+:\d+ error model.shapeMismatch /, ''),
        expected,
      );
    });
  }

  it('says which filters are too few for the classes', () => {
    const text = `task: classification
data: {path: a.csv, features: [a], target: b}
model:
  - {type: Reshape, target_shape: [2, 3, 4]}
  - {type: Conv2D, name: c, filters: 2, kernel_size: 1}
  - GlobalAveragePooling2D
  - {type: Activation, activation: softmax}
training: {epochs: 1, optimizer: Adam, loss: sparse_categorical_crossentropy}
`;
    const { config, document } = parseConfig(text, 'f');
    const target = { kind: 'classes', classes: 3, names: [] } as const;
    const built = buildModel({ config: config!, document, context: { inputShape: [24], target } });
    assert.deepEqual(built.diagnostics.map(formatDiagnostic), [
      'f:5:38 error model.tooFewUnits conv2d "c": has 2 filters for 3 classes (use `filters: 3`)',
    ]);
  });
});
