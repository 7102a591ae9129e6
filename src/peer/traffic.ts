import type { Session } from './links/exchange.ts';

/** Links, as far as what they carry is concerned. */
export interface Carriers {
  sessions(): readonly Pick<Session, 'stats'>[];
}

/** Bytes of frames that the links open now have carried, both ways. */
export function carriedBytes(links: Carriers): number {
  return links.sessions().reduce((sum, { stats }) => sum + stats.sent + stats.received, 0);
}

/** A link carries more than this between two looks only when data moves: heartbeats and look-ups are less. */
export const movingBytes = 65_536;
