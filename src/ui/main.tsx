import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { commands } from '../app/commands.ts';
import { ErrorBoundary } from './error-boundary.tsx';
import { listenForFiles } from './file-intake.ts';
import { takeLink } from './opened-link.ts';
import { Page } from './page.tsx';
import './styles/tokens.css';
import './styles/base.css';
import './styles/layout.css';
import './styles/primitives.css';
import './styles/screens.css';

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
