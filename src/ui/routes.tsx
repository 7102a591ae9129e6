import type { JSX } from 'react';
import { Redirect, Route, Switch } from 'wouter';
import { lazyScreen } from './lazy-screen.tsx';
import { DropScreen } from './screens/drop.tsx';

const files = lazyScreen(async () => (await import('./screens/files.tsx')).FilesScreen);
const file = lazyScreen(async () => (await import('./screens/file-detail.tsx')).FileScreen);
const receive = lazyScreen(async () => (await import('./screens/receive.tsx')).ReceiveScreen);
const contribute = lazyScreen(async () => (await import('./screens/contribute.tsx')).ContributeScreen);
const swarm = lazyScreen(async () => (await import('./screens/swarm.tsx')).SwarmScreen);
const activity = lazyScreen(async () => (await import('./screens/activity.tsx')).ActivityScreen);
const settings = lazyScreen(async () => (await import('./screens/settings.tsx')).SettingsScreen);

/** Drop comes with the page; the code of every other screen follows when it is needed, or when there is time. */
export function Routes(): JSX.Element {
  return (
    <Switch>
      <Route path="/">
        <DropScreen />
      </Route>
      <Route path="/files">
        <files.Screen />
      </Route>
      <Route path="/files/:id">{({ id }) => <file.Screen id={id} />}</Route>
      <Route path="/r/*?">
        <receive.Screen />
      </Route>
      <Route path="/contribute">
        <contribute.Screen />
      </Route>
      <Route path="/swarm">
        <swarm.Screen />
      </Route>
      <Route path="/activity">
        <activity.Screen />
      </Route>
      <Route path="/settings">
        <settings.Screen />
      </Route>
      <Route>
        <Redirect to="/" replace />
      </Route>
    </Switch>
  );
}

/** Fetches all screens. One that cannot be had now is asked for again when it is opened. */
export function prefetchScreens(): void {
  for (const screen of [files, file, receive, contribute, swarm, activity, settings]) screen.prefetch().catch(() => undefined);
}
