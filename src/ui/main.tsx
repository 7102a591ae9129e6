import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { commands } from '../app/commands.ts';
import { startKeeping } from '../app/kept-page.ts';
import { ErrorBoundary } from './error-boundary.tsx';
import { listenForFiles } from './file-intake.ts';
import { takeLink } from './opened-link.ts';
import { Page } from './page.tsx';
import { prefetchScreens } from './routes.tsx';
import './styles/page.css';

// Before anything else, and before the router looks: a link's key leaves the address bar at once.
takeLink();
window.addEventListener('hashchange', takeLink);
listenForFiles();

const root = document.getElementById('root');
if (root === null) throw new Error('index.html has no #root');

createRoot(root).render(
  <StrictMode>
    <ErrorBoundary>
      <Page />
    </ErrorBoundary>
  </StrictMode>,
);

void commands.start();
// Once the page has nothing more urgent to do, so that no later screen is waited for, and all work offline.
requestIdleCallback(
  () => {
    prefetchScreens();
    void startKeeping();
  },
  { timeout: 5_000 },
);
