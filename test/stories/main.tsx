import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { setPage } from '../../src/app/state.ts';
import { listenForFiles } from '../../src/ui/file-intake.ts';
import { enterLink } from '../../src/ui/opened-link.ts';
import { Page } from '../../src/ui/page.tsx';
import { observePaces } from '../../src/ui/paces.ts';
import { prefetchScreens } from '../../src/ui/routes.tsx';
import '../../src/ui/styles/page.css';
import { type StoryState, storyStates } from './list.ts';
import { momentMs, moments } from './moments.ts';
import { linkText, pageIn } from './states.ts';

/*
 * ?state=empty|fresh|busy|degraded|error|starting|elsewhere|insecure|failed
 * &theme=dark|light   the system's when absent
 * &files=10000        so many files more
 * #/files             any route of the page; #/r/ shows an opened link
 */
const query = new URLSearchParams(location.search);
const state = storyStates.find((known) => known === query.get('state')) ?? ('busy' satisfies StoryState);
const theme = query.get('theme');
if (theme !== null) document.documentElement.dataset.theme = theme;
if (location.hash.startsWith('#/r/') && state !== 'empty') enterLink(linkText(state));

const page = pageIn(state, Number(query.get('files') ?? 0), Date.now());
// As if the page had been watching for a while: speed and time left are made of what was seen.
const before = moments(page, Date.now() + momentMs).slice(0, -1);
for (const { snapshot, ms } of before) observePaces(snapshot, ms);
// The ring shows what changed since it came: the last moment follows when the screen is there.
setPage({ ...page, snapshot: before.at(-1)?.snapshot });
setTimeout(() => setPage(page), momentMs);
listenForFiles();
prefetchScreens();

createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <Page />
  </StrictMode>,
);
