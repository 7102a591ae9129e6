/** A link and a bare capability as text: what people paste (SPEC CAP-4). No URL is parsed here: core has none. */

/** Where in a link's fragment the capability begins. */
export const linkRoute = '#/r/';

/** The swarm of a page or peer that names none. */
export const swarmDefault = 'shoal';

/**
 * The link that opens a file anywhere: the capability rides in the fragment, which never reaches a server; a swarm of another name has
 * to be in it too, or the file would be looked for in the wrong one.
 *
 * @param origin of the page, such as `https://shoal.example`
 */
export function linkText(origin: string, swarm: string, capability: string): string {
  const query = swarm === swarmDefault ? '' : `?swarm=${encodeURIComponent(swarm)}`;
  return `${origin}/${query}${linkRoute}${capability}`;
}

/** The capability in a pasted link; what is no link is given as it is, to be refused later, in words. */
export function capabilityIn(pasted: string): string {
  const text = pasted.trim();
  const at = text.indexOf(linkRoute);
  return decoded(at === -1 ? text : text.slice(at + linkRoute.length));
}

/** The swarm that a pasted link names, the default one if it names none; undefined for what is no link. */
export function swarmIn(pasted: string): string | undefined {
  const [address, ...rest] = pasted.trim().split(linkRoute);
  if (rest.length === 0) return undefined;
  const named = /[?&]swarm=([^&#]*)/.exec(address ?? '')?.[1];
  return named === undefined ? swarmDefault : decoded(named.replaceAll('+', ' '));
}

/** Percent-encoding undone; text that is none is kept. */
export function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
