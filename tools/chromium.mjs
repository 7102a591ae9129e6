import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/**
 * Host candidates are readable. And the popup of the address bar is not a page: in a new browser context two such pages were loaded before
 * anybody had typed there, which was a third of the work of opening a tab of Shoal.
 */
const without = ['WebRtcHideLocalIpsWithMdns', 'WebUIOmniboxPopup', 'WebUIOmniboxAimPopup'];

/** How tests and the demo start Chromium: no sandbox (containers), no background traffic, and without what is named above. */
export const chromiumArgs = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  `--disable-features=${without.join(',')}`,
];

/**
 * All here runs without a window: first comes the build of Chromium that has none (it is what Playwright itself takes then). Tests of the page
 * take a sixth less of the processors with it.
 */
const names = ['chromium-headless-shell', 'chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome'];

/**
 * Path of the system's Chromium, or undefined when there is none on the PATH (then Playwright's own is used).
 * SHOAL_NO_SYSTEM_CHROMIUM=1 hides it, so that the other ways of getting one can be tried.
 */
export function chromiumPath() {
  if (process.env.SHOAL_NO_SYSTEM_CHROMIUM) return undefined;
  const folders = (process.env.PATH ?? '').split(delimiter);
  return names.flatMap((name) => folders.map((folder) => join(folder, name))).find((path) => existsSync(path));
}
