/**
 * The two CIFAR-10 samples in a real VS Code, from the menu of their file to filters and maps. The data set cannot be had by
 * every machine that tests: they get photos made up in its format, whose direction and colour tell their kind.
 */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { cifarBatch, cifarSample, writeFiles } from '../kit/imageFiles.ts';
import * as workbench from '../vscode-host/workbench.ts';
import { frameWith } from './reloadKit.ts';
import {
  canvasColors,
  chooseForFile,
  shoot,
  trainFromMenu,
  type Ui,
  untilPlotState,
  useWindow,
} from './uiKit.ts';

const kinds = 10;
const photosInFile = 200;

interface Net {
  readonly name: 'cifar10-net' | 'cifar10-keras';
  /** In the table of the network: name and kind, shape of the output, parameters; worked out by hand. */
  readonly layers: readonly RegExp[];
  readonly filters: number;
  readonly firstMaps: RegExp;
}

const nets: readonly Net[] = [
  {
    name: 'cifar10-net',
    layers: [
      /conv1 \(Conv2D\)\s+28 × 28 × 6\s+456/,
      /\(MaxPooling2D\)\s+14 × 14 × 6\s+0/,
      /conv2 \(Conv2D\)\s+10 × 10 × 16\s+2,416/,
      /\(MaxPooling2D\)\s+5 × 5 × 16\s+0/,
      /\(Flatten\)\s+400\s+0/,
      /fc1 \(Dense\)\s+120\s+48,120/,
      /fc2 \(Dense\)\s+84\s+10,164/,
      /fc3 \(Dense\)\s+10\s+850/,
    ],
    filters: 6,
    firstMaps: /6 maps of 28 × 28;/,
  },
  {
    name: 'cifar10-keras',
    layers: [
      /conv1 \(Conv2D\)\s+32 × 32 × 32\s+896/,
      /conv2 \(Conv2D\)\s+30 × 30 × 32\s+9,248/,
      /\(MaxPooling2D\)\s+15 × 15 × 32\s+0/,
      /\(Dropout\)\s+15 × 15 × 32\s+0/,
      /conv3 \(Conv2D\)\s+15 × 15 × 64\s+18,496/,
      /conv4 \(Conv2D\)\s+13 × 13 × 64\s+36,928/,
      /\(MaxPooling2D\)\s+6 × 6 × 64\s+0/,
      /\(Dropout\)\s+6 × 6 × 64\s+0/,
      /\(Flatten\)\s+2,?304\s+0/,
      /fc1 \(Dense\)\s+512\s+1,180,160/,
      /\(Dropout\)\s+512\s+0/,
      /fc2 \(Dense\)\s+10\s+5,130/,
    ],
    filters: 32,
    firstMaps: /32 maps of 32 × 32;/,
  },
];

describe('The CIFAR-10 samples', () => {
  const window = useWindow({ prepare: addSamples });

  for (const { name, layers, filters, firstMaps } of nets) {
    it(`${name} trains from the menu of its file, shows its filters in colour, and its maps`, async () => {
      const { page } = window;
      await trainFromMenu(page, `${name}.train.yaml`);
      await untilPlotState(page, 'completed');
      assert.ok((await canvasColors(page, 'loss')) > 4, 'the loss chart is blank');
      await shoot(page, `${name}-plot`);
      await workbench.runCommand(page, 'Trainbench: Show Weights');
      const weights = await frameWith(page, '.bank[data-mode="rgb"][data-filters]');
      const bank = weights.locator('section[data-name="conv1/kernel"] .bank');
      assert.equal(await bank.getAttribute('data-filters'), String(filters));
      await shoot(page, `${name}-filters`);
      await page.locator('.tab', { hasText: `Loss: ${name}` }).click();
      await workbench.runCommand(page, 'Trainbench: Explain This Step');
      const explain = await frameWith(page, '[data-maps="conv1-out"]');
      const maps = explain.locator('[data-maps="conv1-out"]');
      await maps.scrollIntoViewIfNeeded();
      assert.match(await maps.innerText(), firstMaps);
      await shoot(page, `${name}-maps`);
      await chooseForFile(page, `${name}.train.yaml`, 'Look at Data');
      const look = await frameWith(page, '#view[data-state] [role="tab"]');
      await look.getByRole('tab', { name: 'Network' }).click();
      const rows = (await look.locator('#network tr').allInnerTexts()).slice(1, 1 + layers.length);
      layers.forEach((layer, i) => assert.match(rows[i] ?? '', layer));
      await shoot(page, `${name}-network`);
      await workbench.runCommand(page, 'View: Close All Editors');
    });
  }
});

function addSamples({ folder }: Ui): void {
  const names = Array.from({ length: kinds }, (_, i) => `thing ${i}\n`).join('');
  const batches = [1, 2, 3, 4, 5].map((n) => [`data_batch_${n}.bin`, photos(n)] as const);
  writeFiles(path.join(folder, 'cifar-10-batches-bin'), {
    ...Object.fromEntries(batches),
    'test_batch.bin': photos(6),
    'batches.meta.txt': Buffer.from(names),
  });
  for (const { name } of nets) {
    const text = cifarSample(name).replace('epochs: 25', 'epochs: 2');
    fs.writeFileSync(path.join(folder, `${name}.train.yaml`), text);
  }
}

function photos(file: number): Buffer {
  const first = file * photosInFile;
  const labels = Array.from({ length: photosInFile }, (_, i) => [(first + i) % kinds]);
  return cifarBatch(first, labels, wave);
}

/** A byte of a photo: of its number come its kind, and where its waves begin. */
function wave(photo: number, y: number, x: number, channel: number): number {
  const kind = photo % kinds;
  const angle = (Math.PI * kind) / kinds;
  const along = x * Math.cos(angle) + y * Math.sin(angle);
  const colour = 130 + 60 * Math.sin(0.9 * kind + 2 * channel);
  return Math.round(colour + 50 * Math.sin(0.6 * along + 2.4 * photo));
}
