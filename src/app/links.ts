/** Where the capability of the opened link is kept for reloads of this tab. */
const storageKey = 'shoal:link';
const linkRoute = '#/r/';

/** The swarm of a page whose address names none. */
export const swarmDefault = 'shoal';

/**
 * The link that opens a file anywhere (SPEC CAP-4): the capability rides in the fragment, which never reaches a server; a swarm of
 * another name has to be in it too, or the file would be looked for in the wrong one.
 */
export function linkOf(capability: string, { origin, search }: Pick<Location, 'origin' | 'search'> = location): string {
  const swarm = swarmOf(search);
  const query = swarm === swarmDefault ? '' : `?swarm=${encodeURIComponent(swarm)}`;
  return `${origin}/${query}${linkRoute}${capability}`;
}

/** Name of the swarm in an address. */
export function swarmOf(search: string): string {
  return new URLSearchParams(search).get('swarm') ?? swarmDefault;
}

/** The capability in a pasted link; what is none is given as it is, to be refused later, in words. */
export function capabilityIn(pasted: string): string {
  const text = pasted.trim();
  const at = text.indexOf(linkRoute);
  return decoded(at === -1 ? text : text.slice(at + linkRoute.length));
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

/** Percent-encoding undone; text that is none is kept, to be refused as a link later, in words. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
