// Draws public/icon.svg as the PNGs that phones and desktops install it with. Run after a change of the drawing; the PNGs are committed.
//   node tools/icons.mjs
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright';
import { chromiumArgs, chromiumPath } from './chromium.mjs';

const at = (name) => fileURLToPath(new URL(`../public/${name}`, import.meta.url));
const svg = readFileSync(at('icon.svg'), 'utf8');
/** A maskable icon's drawing lies within the middle 80 %, on a ground that fills the square; so does what iOS rounds by itself. */
const masked = svg.replace(/<rect[^>]*\/>/, '').replace('<g ', '<g transform="translate(16 16) scale(.72) translate(-16 -16)" ');

const icons = [
  { name: 'icon-192.png', size: 192, drawing: svg },
  { name: 'icon-512.png', size: 512, drawing: svg },
  { name: 'icon-maskable-512.png', size: 512, drawing: masked, ground: '#0B0F14' },
  { name: 'icon-180.png', size: 180, drawing: masked, ground: '#0B0F14' },
];

const browser = await chromium.launch({ args: chromiumArgs, executablePath: chromiumPath() });
try {
  for (const { name, size, drawing, ground = 'transparent' } of icons) {
    const page = await browser.newPage({ viewport: { width: size, height: size } });
    await page.setContent(`<style>body{margin:0;background:${ground}}svg{display:block;width:100vw;height:100vh}</style>${drawing}`);
    writeFileSync(at(name), await page.screenshot({ omitBackground: true }));
    await page.close();
  }
} finally {
  await browser.close();
}
