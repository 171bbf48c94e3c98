/** What augmentation makes of images, in Look at Data of a real VS Code with the packaged extension. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import type { FrameLocator, Page } from 'playwright-core';
import { viewOfTab } from './reloadKit.ts';
import { setTheme, shootStill, themes } from './themes.ts';
import { chooseForFile, shoot, untilActive, useWindow } from './uiKit.ts';

const augmentation = `
  augmentation:
    - { type: RandomTranslation, height_factor: 0.2, width_factor: 0.2, fill_mode: nearest }
    - { type: RandomRotation, factor: 0.05 }
    - { type: RandomContrast, factor: 0.5 }`;

function writeFiles(folder: string): void {
  fs.cpSync('samples/digits/images', path.join(folder, 'images'), { recursive: true });
  const text = fs.readFileSync('samples/digits/digits.train.yaml', 'utf8');
  fs.writeFileSync(path.join(folder, 'plain.train.yaml'), text);
  const changed = text.replace('path: images', `path: images${augmentation}`);
  fs.writeFileSync(path.join(folder, 'digits.train.yaml'), changed);
}

describe('Look at Data of images', () => {
  const window = useWindow({ prepare: ({ folder }) => writeFiles(folder) });
  let page: Page;

  before(async () => {
    ({ page } = window);
    await untilActive(page, 'digits.train.yaml');
  });

  async function look(name: string): Promise<FrameLocator> {
    await chooseForFile(page, name, 'Look at Data');
    const view = await viewOfTab(
      page,
      `Data: ${name}`,
      `#view[data-state="shown"]:has(h1[title$="/${name}"])`,
    );
    await view.getByRole('tab', { name: 'Images' }).click();
    return view;
  }

  /** Of each canvas all pixels, as text. */
  function pictures(view: FrameLocator): Promise<string[]> {
    return view.locator('#pictures canvas').evaluateAll((canvases) =>
      (canvases as HTMLCanvasElement[]).map((canvas) => {
        const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
        return `${canvas.width}x${canvas.height}:${data.join()}`;
      }),
    );
  }

  it('shows an image as it is and as training sees it, and other draws of it', async () => {
    const view = await look('digits.train.yaml');
    await view.locator('#panel-images[data-epoch="0"]').waitFor();
    assert.match(
      await view.locator('#panel-images h2').innerText(),
      /^Training image 1 of 450: \d$/,
    );
    assert.match(
      await view.locator('#panel-images > p').innerText(),
      /RandomTranslation, RandomRotation, RandomContrast/,
    );
    const first = await pictures(view);
    assert.equal(first.length, 12);
    assert.equal(new Set(first).size, 12, 'all differ');
    assert.ok(first.every((picture) => picture.startsWith('16x16:')));
    await shoot(page, 'augmentation');
    await view.locator('#another-draw').click();
    await view.locator('#panel-images[data-epoch="11"]').waitFor();
    const second = await pictures(view);
    assert.equal(second[0], first[0], 'the image as it is stays');
    assert.ok(second.slice(1).every((picture) => !first.includes(picture)));
    await view.locator('#another-image').click();
    await view.locator('#panel-images[data-image="1"]').waitFor();
    assert.notEqual((await pictures(view))[0], first[0]);
  });

  it('says what would change where nothing does', async () => {
    const view = await look('plain.train.yaml');
    await view
      .locator('#panel-images p', { hasText: 'Training sees the images as they are' })
      .waitFor();
    assert.equal((await pictures(view)).length, 1);
    assert.equal(await view.locator('#another-draw').isVisible(), false);
  });

  for (const theme of ['light', 'contrast'] as const) {
    it(`looks right in ${themes[theme].label}`, async () => {
      await setTheme(window, theme);
      const view = await look('digits.train.yaml');
      await view.locator('#pictures canvas').nth(11).waitFor();
      await shootStill(page, `augmentation-${theme}`);
    });
  }
});
