import type { Connections, ConnectionsOptions } from '../platform/browser/connections.ts';

/**
 * The page's connections, their code (29 kB after gzip) fetched while the peer starts: a file can be dropped without them, and the
 * peer asks for none before it has joined. What it asks for meanwhile is opened, in order, once they are here.
 *
 * @param failed told once when the code cannot be had: the peer then reaches nobody
 */
export function fetchedConnections(options: ConnectionsOptions, failed: (reason: string) => void): Connections {
  let over = false;
  const fetched = import('../platform/browser/connections.ts').then(({ createConnections }) => createConnections(options));
  const use = (act: (connections: Connections) => void): void => void fetched.then(act, () => undefined);
  fetched.catch(() => over || failed('A part of the page could not be loaded. Reload it when its server can be reached.'));
  return {
    open: (request, port) => use((connections) => (over ? port.close() : connections.open(request, port))),
    sayBye: () => use((connections) => connections.sayBye()),
    destroyAll() {
      over = true;
      use((connections) => connections.destroyAll());
    },
  };
}
