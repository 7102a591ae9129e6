import { fileURLToPath } from 'node:url';
import { type BrowserContextOptions, expect, type Page, test as base } from '@playwright/test';
import { createServer } from '../../signaling/server.ts';
import { type StoryState, storyAddress, storyRoutes, type StoryTheme } from './list.ts';

/** One tab that goes from story to story. */
export interface StoryPage {
  readonly page: Page;
  /** Errors of page and console, what the content security policy refused among them. */
  readonly errors: string[];
  /** Loads a story. `files`: so many more than the state has. */
  load(hash: string, state: StoryState, files?: number): Promise<void>;
  /** Loads a state and goes through all its routes as a person would, by `look` at each. */
  walk(state: StoryState, look: (route: string) => Promise<void>): Promise<void>;
  wear(theme: StoryTheme): Promise<void>;
}

interface Stories {
  open(options?: BrowserContextOptions): Promise<StoryPage>;
}

/** Tests with `stories`, served as the page is: by the same server, under the same policy. */
export const test = base.extend<object, { readonly stories: Stories }>({
  stories: [
    async ({ browser }, use) => {
      const page = fileURLToPath(new URL('../../dist/stories', import.meta.url));
      const server = await createServer({ port: 0, logLevel: 'error' }, { page });
      await server.listen();
      await use({
        async open(options) {
          const context = await browser.newContext({ reducedMotion: 'reduce', serviceWorkers: 'block', ...options });
          return storyPage(await context.newPage(), server.url);
        },
      });
      await server.close();
    },
    { scope: 'worker' },
  ],
});

/** The link is taken when the page loads, so a walk begins there. */
const firstHash = '#/r/';

function storyPage(page: Page, url: string): StoryPage {
  const errors: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text());
  });
  page.on('pageerror', (error) => errors.push(error.message));

  const shown = async (): Promise<void> => {
    await expect(page.locator('main h1')).toBeVisible();
    await settled(page);
  };
  const load: StoryPage['load'] = async (hash, state, files = 0) => {
    const address = new URL(storyAddress(hash, state, 'dark'), url);
    if (files > 0) address.searchParams.set('files', String(files));
    // From elsewhere: another fragment alone would not load the page again.
    await page.goto('about:blank');
    await page.goto(address.href);
    await shown();
  };
  return {
    page,
    errors,
    load,
    async walk(state, look) {
      await load(firstHash, state);
      for (const { name, hash } of storyRoutes) {
        await page.evaluate(follow, hash);
        await shown();
        await look(`${name}, ${state}`);
      }
    },
    async wear(theme) {
      await page.evaluate((chosen) => (document.documentElement.dataset['theme'] = chosen), theme);
      await settled(page);
    },
  };
}

/** Runs in the page: another route, as by a link. */
async function follow(hash: string): Promise<void> {
  if (location.hash === hash) return;
  const changed = new Promise((resolve) => window.addEventListener('hashchange', resolve, { once: true }));
  location.hash = hash;
  await changed;
}

/** Waits for the letters, and for whatever moves to come to its end. */
export async function settled(page: Page): Promise<void> {
  await page.evaluate(async () => {
    await document.fonts.ready;
    const ending = document.getAnimations().filter(({ effect }) => effect?.getComputedTiming().endTime !== Number.POSITIVE_INFINITY);
    await Promise.allSettled(ending.map(({ finished }) => finished));
  });
}

/** Waits until nothing has changed its place for some frames: rows of a long list are measured once they are drawn, and move then. */
export async function atRest(page: Page): Promise<void> {
  await page.evaluate(async () => {
    let before = '';
    for (let same = 0; same < 3; ) {
      await new Promise((resolve) => requestAnimationFrame(resolve));
      const now = [...document.querySelectorAll('main *')].map((each) => each.getBoundingClientRect().top).join();
      same = now === before ? same + 1 : 0;
      before = now;
    }
  });
}
