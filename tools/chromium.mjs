import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** How tests and the demo start Chromium: no sandbox (containers), no background traffic, host candidates readable. */
export const chromiumArgs = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-features=WebRtcHideLocalIpsWithMdns',
];

const names = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome'];

/**
 * Path of the system's Chromium, or undefined when there is none on the PATH (then Playwright's own is used).
 * SHOAL_NO_SYSTEM_CHROMIUM=1 hides it, so that the other ways of getting one can be tried.
 */
export function chromiumPath() {
  if (process.env.SHOAL_NO_SYSTEM_CHROMIUM) return undefined;
  const folders = (process.env.PATH ?? '').split(delimiter);
  return names.flatMap((name) => folders.map((folder) => join(folder, name))).find((path) => existsSync(path));
}
