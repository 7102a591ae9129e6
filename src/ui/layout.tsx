import { type JSX, type ReactNode, type RefObject, useEffect, useRef } from 'react';
import { Link } from 'wouter';
import { usePage } from '../app/state.ts';
import { PresenceMark } from './presence.tsx';
import { Logo } from './primitives/logo.tsx';
import { NavIcon, type NavIconName } from './primitives/nav-icon.tsx';
import { shown } from './shown.ts';
import { strings } from './strings.ts';
import { livePeers } from './transfers.ts';
import { UpdateOffer } from './update-offer.tsx';
import { useAnnouncement } from './use-page-effects.ts';

const pages: readonly (readonly [href: string, icon: NavIconName])[] = [
  ['/', 'drop'],
  ['/files', 'files'],
  ['/r/', 'receive'],
  ['/contribute', 'contribute'],
  ['/swarm', 'swarm'],
  ['/activity', 'activity'],
  ['/settings', 'settings'],
];

/** The frame around every screen: head with navigation, main, and the live region that tells changes of state. */
export function Layout({ route, children }: { readonly route: string; readonly children: ReactNode }): JSX.Element {
  const phase = usePage((state) => state.phase);
  const node = usePage((state) => shown(state)?.self.node);
  const live = usePage((state) => livePeers(shown(state)).length);
  const main = useFocusOnChange(route);
  return (
    <div className="page" data-phase={phase} data-node={node} data-live-peers={live}>
      <a
        className="skip"
        href="#main"
        onClick={(event) => {
          // The hash is the route: moving the focus by hand leaves it alone.
          event.preventDefault();
          main.current?.focus();
        }}
      >
        {strings.skip}
      </a>
      <header className="head">
        <div className="head-inner">
          <Link href="/" className="wordmark">
            <Logo />
            {strings.app}
          </Link>
          <Navigation route={route} />
          <PresenceMark />
        </div>
      </header>
      <UpdateOffer />
      <main ref={main} id="main" className="content" tabIndex={-1}>
        {children}
      </main>
      <Announcement />
    </div>
  );
}

/** Apart from the rest, because it looks at every snapshot. */
function Announcement(): JSX.Element {
  return (
    <p className="visually-hidden" role="status" data-announcement="">
      {useAnnouncement()}
    </p>
  );
}

function Navigation({ route }: { readonly route: string }): JSX.Element {
  return (
    <nav aria-label={strings.nav.label}>
      <ul className="nav">
        {pages.map(([href, page]) => (
          <li key={href}>
            <Link href={href} aria-current={section(route) === section(href) ? 'page' : undefined}>
              <NavIcon name={page} />
              {strings.nav[page]}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}

/** The first step of a route: `/files/0a1b` lies in `files`. */
function section(route: string): string {
  return route.split('/')[1] ?? '';
}

/** After a change of screen, reading goes on at its beginning. */
function useFocusOnChange(route: string): RefObject<HTMLElement | null> {
  const main = useRef<HTMLElement>(null);
  const before = useRef(route);
  useEffect(() => {
    if (before.current === route) return;
    before.current = route;
    main.current?.focus({ preventScroll: true });
    window.scrollTo(0, 0);
  }, [route]);
  return main;
}
