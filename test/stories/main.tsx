import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { setPage } from '../../src/app/state.ts';
import { listenForFiles } from '../../src/ui/file-intake.ts';
import { enterLink } from '../../src/ui/opened-link.ts';
import { Page } from '../../src/ui/page.tsx';
import { observePaces } from '../../src/ui/paces.ts';
import { prefetchScreens } from '../../src/ui/routes.tsx';
import '../../src/ui/styles/page.css';
import { linkText, moments, pageIn, type StoryState, storyStates } from './states.ts';

/*
 * ?state=empty|busy|degraded|error|starting|elsewhere|insecure|failed
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
for (const { snapshot, ms } of moments(page, Date.now())) observePaces(snapshot, ms);
setPage(page);
listenForFiles();
prefetchScreens();

createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <Page />
  </StrictMode>,
);
