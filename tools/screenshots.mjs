// `npm run screenshots`: builds the stories (test/stories) and takes a picture of every route × state × theme, and some as a phone shows them.
//   node tools/screenshots.mjs [--only TEXT] [--out DIR]    those whose name has TEXT; DIR in place of docs/screens
// The clock of a story stands still, so that two runs on one machine give the same bytes. Exits 1 when a page reports an error.
import { existsSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { chromium } from 'playwright';
import { build, runnerImport } from 'vite';
import { chromiumArgs, chromiumPath } from './chromium.mjs';

const root = fileURLToPath(new URL('../', import.meta.url));
const built = join(root, 'dist/stories');
const desktop = { width: 1280, height: 800 };
const phone = { width: 390, height: 844 };
/** Where the page believes to be: links and the swarm's address show it. Nothing listens there, the files come from the disk. */
const origin = 'https://shoal.example';
/** The moment that every picture shows. */
const nowMs = Date.UTC(2026, 10, 16, 9, 30);
/** By then a story has told its second moment, the ring has faded in, and what moves still shows. */
const settledMs = 1_200;
const stepMs = 100;
/** What the page does between two steps of its clock takes real time. */
const betweenMs = 30;
/** Until a page was told of another preference. */
const toldMs = 200;

const { values } = parseArgs({ options: { only: { type: 'string', default: '' }, out: { type: 'string' } } });
const out = values.out ?? join(root, 'docs/screens');

await build({ configFile: join(root, 'test/stories/vite.config.ts'), logLevel: 'warn' });
const { module: stories } = await runnerImport(join(root, 'test/stories/list.ts'));
const shots = everyShot(stories).filter(({ name }) => name.includes(values.only));
// Pictures of what is no more would stay for ever.
if (values.only === '' && values.out === undefined) await rm(out, { recursive: true, force: true });

const { bytes, errors } = await takeAll();
process.stdout.write(`${shots.length} pictures, ${(bytes / 1_000_000).toFixed(1)} MB, in ${out}\n`);
if (shots.length === 0) errors.push(`No picture has ${values.only} in its name.`);
for (const error of errors) process.stderr.write(`${error}\n`);
process.exitCode = errors.length > 0 ? 1 : 0;

/** Names, addresses and windows of all pictures. A phase without a peer looks the same on every route: Drop stands for all. */
function everyShot({ storyRoutes, storyStates4, storyFirsts, storyPhases, storyThemes, storyAddress }) {
  const of = (name, hash, state, theme, viewport) => ({ name, path: storyAddress(hash, state, theme), theme, viewport });
  return [
    ...storyThemes.flatMap((theme) => [
      ...storyRoutes.flatMap(({ name, hash }) => storyStates4.map((state) => of(`${name}-${state}-${theme}`, hash, state, theme, desktop))),
      ...storyFirsts.map(({ state, name, hash }) => of(`${name}-${state}-${theme}`, hash, state, theme, desktop)),
      ...storyPhases.map((phase) => of(`${phase}-${theme}`, '#/', phase, theme, desktop)),
    ]),
    ...storyRoutes.flatMap(({ name, hash }) =>
      ['busy', 'degraded'].map((state) => of(`phone/${name}-${state}`, hash, state, 'dark', phone)),
    ),
  ];
}

async function takeAll() {
  const executablePath = chromiumPath();
  const browser = await chromium.launch({ args: chromiumArgs, ...(executablePath === undefined ? {} : { executablePath }) });
  const errors = [];
  let bytes = 0;
  try {
    for (const shot of shots) {
      const { picture, complaints } = await take(browser, shot);
      const path = join(out, `${shot.name}.png`);
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, picture);
      bytes += picture.length;
      errors.push(...complaints.map((complaint) => `${shot.name}: ${complaint}`));
    }
  } finally {
    await browser.close();
  }
  return { bytes, errors };
}

/** One picture, and what the page complained about. A tab of its own: nothing of another story is left in it. */
async function take(browser, { path, theme, viewport }) {
  const context = await browser.newContext({ viewport, colorScheme: theme, locale: 'en-GB', timezoneId: 'UTC', serviceWorkers: 'block' });
  const page = await context.newPage();
  const complaints = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
  await context.route('**/*', async (route) => {
    const { origin: asked, pathname } = new URL(route.request().url());
    const file = join(built, pathname === '/' ? 'index.html' : pathname);
    if (asked === origin && existsSync(file)) await route.fulfill({ path: file });
    else await route.abort();
  });
  // Time runs until it is told to stop, so it has to begin before.
  await page.clock.install({ time: nowMs - 60_000 });
  await page.clock.pauseAt(nowMs);
  // Playwright's frames and performance.now() begin some ms off, otherwise each time, and the ring's beads stand where they say.
  await page.addInitScript((begin) => {
    performance.now = () => Date.now() - begin;
    window.requestAnimationFrame = (paint) => window.setTimeout(() => paint(performance.now()), 16);
    window.cancelAnimationFrame = (id) => window.clearTimeout(id);
  }, nowMs);
  await page.goto(origin + path, { waitUntil: 'networkidle' });
  // Transitions go by a clock of their own.
  await page.addStyleTag({ content: '*, ::-webkit-progress-value { transition: none !important }' });
  await pass(page, settledMs);
  if (viewport === desktop) await showAll(page);
  // The ring begins its frames anew, at the same moment in every run: or its beads would stand elsewhere each time.
  for (const reducedMotion of ['reduce', 'no-preference']) {
    await page.emulateMedia({ reducedMotion });
    await page.waitForTimeout(toldMs);
    await pass(page, stepMs);
  }
  await page.locator('h1').waitFor();
  await page.evaluate(async () => {
    await document.fonts.ready;
  });
  const picture = await page.screenshot({ animations: 'disabled', caret: 'hide' });
  await context.close();
  return { picture, complaints };
}

/**
 * A window as high as the page, so that what lies below the fold is in the picture; a phone is shown as it is held. A window and not
 * Playwright's `fullPage`, which grows it only for the picture: the ring would have no time to paint itself anew.
 */
async function showAll(page) {
  const height = await page.evaluate(() => document.documentElement.scrollHeight);
  await page.setViewportSize({ ...desktop, height: Math.max(desktop.height, height) });
}

/** Lets the page's clock go on, with time for what does not go by it. */
async function pass(page, ms) {
  for (let passedMs = 0; passedMs < ms; passedMs += stepMs) {
    await page.clock.runFor(stepMs);
    await page.waitForTimeout(betweenMs);
  }
}
