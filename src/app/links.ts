import { capabilityIn, decoded, linkRoute, linkText, swarmDefault } from '../core/crypto/link.ts';

export { capabilityIn };

/** Where the capability of the opened link is kept for reloads of this tab. */
const storageKey = 'shoal:link';

/** The link to a file on this page's origin and in its swarm. */
export function linkOf(capability: string, { origin, search }: Pick<Location, 'origin' | 'search'> = location): string {
  return linkText(origin, swarmOf(search), capability);
}

/** Name of the swarm in an address. */
export function swarmOf(search: string): string {
  return new URLSearchParams(search).get('swarm') ?? swarmDefault;
}

/**
 * Where on this origin a pasted link opens, if not on this page: in the swarm that it names (SPEC UI-24), with all else of the query kept.
 * Undefined for a bare capability, and for a link to this page's swarm.
 */
export function addressElsewhere(pasted: string, { search }: Pick<Location, 'search'> = location): string | undefined {
  if (!pasted.includes(linkRoute) || !URL.canParse(pasted.trim())) return undefined;
  const swarm = swarmOf(new URL(pasted.trim()).search);
  if (swarm === swarmOf(search)) return undefined;
  const query = new URLSearchParams(search);
  if (swarm === swarmDefault) query.delete('swarm');
  else query.set('swarm', swarm);
  return `/${query.size === 0 ? '' : `?${query}`}${linkRoute}${encodeURIComponent(capabilityIn(pasted))}`;
}

/**
 * The R capability that this page was opened with, or was before a reload; undefined when there is none.
 * A link is taken out of the address bar and this tab's history at once. (The browser's own history is beyond a page's reach.)
 */
export function takeLinkFromAddress(): string | undefined {
  const { hash } = location;
  if (!hash.startsWith(linkRoute)) return undefined;
  const capability = decoded(hash.slice(linkRoute.length));
  if (capability === '') return sessionStorage.getItem(storageKey) ?? undefined;
  sessionStorage.setItem(storageKey, capability);
  history.replaceState(null, '', `${location.pathname}${location.search}${linkRoute}`);
  return capability;
}
