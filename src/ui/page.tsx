import type { JSX } from 'react';
import { Router, useLocation } from 'wouter';
import { useHashLocation } from 'wouter/use-hash-location';
import { usePage } from '../app/state.ts';
import { Layout } from './layout.tsx';
import { Routes } from './routes.tsx';
import { ElsewhereScreen, FailedScreen, InsecureScreen } from './screens/phases.tsx';
import { useHeldFiles, useLeaveGuard, useLendingAsked, usePaces, useTabState, useTakenLink, useWakeLock } from './use-page-effects.ts';

export function Page(): JSX.Element {
  return (
    <Router hook={useHashLocation}>
      <Screens />
    </Router>
  );
}

/** The phase decides first: without a peer of its own, a page has nothing else to show. */
function Screens(): JSX.Element {
  const [route] = useLocation();
  const phase = usePage((state) => state.phase);
  return (
    <Layout route={route}>
      <Effects route={route} />
      {phase === 'elsewhere' && <ElsewhereScreen />}
      {phase === 'insecure' && <InsecureScreen />}
      {phase === 'failed' && <FailedScreen />}
      {(phase === 'starting' || phase === 'running') && <Routes />}
    </Layout>
  );
}

/** What the page does beside drawing, apart from what it draws: most of it looks at every snapshot. */
function Effects({ route }: { readonly route: string }): null {
  useTabState(route);
  useLeaveGuard();
  useTakenLink();
  useHeldFiles();
  usePaces();
  useWakeLock();
  useLendingAsked();
  return null;
}
