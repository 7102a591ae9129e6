/** The name after `profile`: '' → peer-2 → peer-3; any other name gets a number. */
export function nextProfile(profile: string): string {
  if (profile === '') return 'peer-2';
  const [, stem = profile, number = '1'] = /^(.*)-([0-9]{1,6})$/.exec(profile) ?? [];
  return `${stem}-${Number(number) + 1}`;
}

/**
 * Address of a page that runs another peer beside this one, in the same swarm.
 *
 * @param search query of this page, of which everything but the profile is kept
 * @param route where the other page begins
 */
export function anotherPeer(profile: string, search: string, route = '#/'): string {
  const query = new URLSearchParams(search);
  query.set('profile', nextProfile(profile));
  return `?${query}${route}`;
}
