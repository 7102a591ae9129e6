/**
 * STUN and TURN servers as node-datachannel takes them: it throws for an address of a kind that it does not know and for TURN without
 * credentials, and puts credentials into an address, where a colon in a time-limited user name would end the name.
 */
export function knownIceServers(servers: readonly RTCIceServer[]): RTCIceServer[] {
  return servers.flatMap(({ urls, username, credential }) => {
    const usable = [urls].flat().filter((url) => url.startsWith('stun:') || (/^turns?:/.test(url) && username && credential));
    if (usable.length === 0) return [];
    if (!username || !credential) return [{ urls: usable }];
    return [{ urls: usable, username: encodeURIComponent(username), credential: encodeURIComponent(credential) }];
  });
}
