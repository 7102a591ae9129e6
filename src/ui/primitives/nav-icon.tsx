import type { JSX } from 'react';

export type NavIconName = 'drop' | 'files' | 'receive' | 'contribute' | 'swarm' | 'activity' | 'settings';

/** Strokes on a field of 20 by 20. */
const paths: Record<NavIconName, string> = {
  drop: 'M10 3v9m-3.5-3.5L10 12l3.5-3.5M3.5 12.5V15A1.5 1.5 0 0 0 5 16.5h10a1.5 1.5 0 0 0 1.5-1.5v-2.5',
  files: 'M3.5 5.5h13M3.5 10h13M3.5 14.5h13',
  receive: 'M8 12l4-4M9 5.5l1.2-1.2a3.6 3.6 0 0 1 5.1 5.1L14 10.7M6 9.3L4.7 10.6a3.6 3.6 0 0 0 5.1 5.1L11 14.5',
  contribute:
    'M4 5.5c0-1.4 2.7-2.5 6-2.5s6 1.1 6 2.5S13.3 8 10 8 4 6.9 4 5.5ZM4 5.5v9C4 15.9 6.7 17 10 17s6-1.1 6-2.5v-9M4 10c0 1.4 2.7 2.5 6 2.5s6-1.1 6-2.5',
  swarm: 'M10 3.5a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13ZM10 3.5v0M15.6 13.2v0M4.4 13.2v0',
  activity: 'M2.5 10.5h3.2L8 4.5l4 11 2.3-5h3.2',
  settings: 'M3.5 6.5h7M14.5 6.5h2M3.5 13.5h2M9.5 13.5h7M12.5 8.5a2 2 0 1 0 0-4 2 2 0 0 0 0 4ZM7.5 15.5a2 2 0 1 0 0-4 2 2 0 0 0 0 4Z',
};

/** The sign of a page in the navigation, silent beside its name. */
export function NavIcon({ name }: { readonly name: NavIconName }): JSX.Element {
  return (
    <svg className="nav-icon" viewBox="0 0 20 20" width="20" height="20" aria-hidden="true" focusable="false">
      <path d={paths[name]} />
    </svg>
  );
}
