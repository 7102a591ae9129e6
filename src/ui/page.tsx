import type { JSX } from 'react';
import { Redirect, Route, Router, Switch, useLocation } from 'wouter';
import { useHashLocation } from 'wouter/use-hash-location';
import { usePage } from '../app/state.ts';
import { Layout } from './layout.tsx';
import { ContributeScreen } from './screens/contribute.tsx';
import { DropScreen } from './screens/drop.tsx';
import { FileScreen } from './screens/file-detail.tsx';
import { FilesScreen } from './screens/files.tsx';
import { ElsewhereScreen, FailedScreen, InsecureScreen } from './screens/phases.tsx';
import { ReceiveScreen } from './screens/receive.tsx';
import { SwarmScreen } from './screens/swarm.tsx';
import { useHeldFiles, useLeaveGuard, useTakenLink, useTitle } from './use-page-effects.ts';

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
  useTitle(route);
  useLeaveGuard();
  useTakenLink();
  useHeldFiles();
  return (
    <Layout route={route}>
      {phase === 'elsewhere' && <ElsewhereScreen />}
      {phase === 'insecure' && <InsecureScreen />}
      {phase === 'failed' && <FailedScreen />}
      {(phase === 'starting' || phase === 'running') && <Routes />}
    </Layout>
  );
}

function Routes(): JSX.Element {
  return (
    <Switch>
      <Route path="/">
        <DropScreen />
      </Route>
      <Route path="/files">
        <FilesScreen />
      </Route>
      <Route path="/files/:id">{({ id }) => <FileScreen id={id} />}</Route>
      <Route path="/r/*?">
        <ReceiveScreen />
      </Route>
      <Route path="/contribute">
        <ContributeScreen />
      </Route>
      <Route path="/swarm">
        <SwarmScreen />
      </Route>
      <Route>
        <Redirect to="/" replace />
      </Route>
    </Switch>
  );
}
