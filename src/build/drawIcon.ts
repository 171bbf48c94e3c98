/**
 * Draws media/icon.png (128 x 128, what the Marketplace asks for) from media/icon.svg with Chromium.
 * Usage: node --import tsx src/build/drawIcon.ts
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { chromium } from 'playwright-core';

const media = path.resolve(import.meta.dirname, '../../media');
const size = 128;

const executablePath = process.env['TRAINBENCH_CHROMIUM'] ?? '/usr/bin/chromium';
const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
const page = await browser.newPage({ viewport: { width: size, height: size } });
const svg = readFileSync(path.join(media, 'icon.svg'), 'utf8');
await page.setContent(`<body style="margin:0">${svg}</body>`);
await page.screenshot({ path: path.join(media, 'icon.png'), omitBackground: true });
await browser.close();
