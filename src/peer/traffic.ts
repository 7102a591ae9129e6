import type { Session } from './links/exchange.ts';

/** Links, as far as what they carry is concerned. */
export interface Carriers {
  sessions(): readonly Pick<Session, 'stats'>[];
}

/** Bytes of frames that the links open now have carried, both ways. */
export function carriedBytes(links: Carriers): number {
  let bytes = 0;
  for (const { stats } of links.sessions()) bytes += stats.sent + stats.received;
  return bytes;
}

/** A link carries more than this between two looks only when data moves: heartbeats and look-ups are less. */
export const movingBytes = 65_536;
