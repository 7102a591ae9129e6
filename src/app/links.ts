/** Where the capability of the opened link is kept for reloads of this tab. */
const storageKey = 'shoal:link';
const linkRoute = '#/r/';

/** The link that opens a file anywhere: the capability rides in the fragment, which never reaches a server. */
export function linkOf(capability: string): string {
  return `${location.origin}/${linkRoute}${capability}`;
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
