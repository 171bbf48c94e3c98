import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describeNetwork } from '../../../src/core/train/describeNetwork.ts';

const samples = path.resolve(import.meta.dirname, '../../../samples');

function sample(name: string, edit = (text: string) => text) {
  const file = path.join(samples, name, `${name}.train.yaml`);
  return { file, text: edit(readFileSync(file, 'utf8')) };
}

describe('the network of a config whose data are not there', () => {
  it('is that of samples/cifar10-net with its feature maps, without a download', () => {
    const { text, file } = sample('cifar10-net');
    const { summary, isPublic, diagnostics } = describeNetwork(text, file);
    assert.ok(isPublic);
    assert.deepEqual(diagnostics, []);
    const shapes = summary?.layers.slice(0, 4).map(({ outputShape }) => outputShape.join(' '));
    assert.deepEqual(shapes, ['28 28 6', '14 14 6', '10 10 16', '5 5 16']);
    assert.equal(summary?.parameters, 62_006);
  });

  it('is known of images whose size the config says, and of others where the data say it', () => {
    const { text, file } = sample('digits');
    assert.equal(describeNetwork(text, file).summary, null);
    assert.equal(describeNetwork(text, file, [16, 16, 1]).summary?.parameters, 9802);
    const sized = text.replace('path: images', 'path: images\n  image_size: [16, 16]');
    assert.equal(describeNetwork(sized, file).summary?.parameters, 9802);
  });

  it('is not there where a layer does not fit', () => {
    const { text, file } = sample('cifar10-net', (yaml) =>
      yaml.replace('kernel_size: 5', 'kernel_size: 50'),
    );
    const { summary, diagnostics } = describeNetwork(text, file);
    assert.equal(summary, null);
    assert.equal(diagnostics[0]?.code, 'model.shapeMismatch');
  });
});
