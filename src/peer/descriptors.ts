import { toHex } from '../core/bytes/text.ts';
import { ShoalError } from '../core/errors.ts';
import { parseDescriptor, type ParsedDescriptor } from '../core/object/descriptor.ts';
import type { Session } from './links/exchange.ts';
import type { Crypto } from './ports.ts';
import { verifyOffered } from './verify.ts';

export interface KnownDescriptor extends ParsedDescriptor {
  readonly signed: Uint8Array;
  /** Of a version that is not stored yet: nobody else is to hear of it (SPEC VER-6). */
  readonly isDraft: boolean;
}

/** Descriptors remembered per link, in bytes; the oldest go first and are sent again when needed. */
const bytesPerLinkMax = 4 * 1024 * 1024;

/**
 * Descriptors as they came over each link: sent once per link, then named by contentRoot. Kept per link, so that a descriptor with a
 * false signature from one peer can never stand in the way of the true one from another.
 */
export interface Descriptors {
  /** Checks and remembers a descriptor. Throws `bad-input` for its form, `auth` for its signature. */
  admit(session: Session, signed: Uint8Array): Promise<KnownDescriptor>;
  /** The descriptor that came over this link before. Throws `not-found`. */
  find(session: Session, contentRoot: Uint8Array): Promise<KnownDescriptor>;
}

export function createDescriptors(crypto: Crypto): Descriptors {
  const bySession = new WeakMap<Session, Map<string, { readonly bytes: number; readonly known: Promise<KnownDescriptor> }>>();

  return {
    admit(session, signed) {
      const entries = bySession.get(session) ?? new Map<string, { bytes: number; known: Promise<KnownDescriptor> }>();
      bySession.set(session, entries);
      // Known by name at once, verified or not: a request that names it may come before the signature is checked, and waits for that.
      const root = toHex(parseDescriptor(signed).descriptor.contentRoot);
      const known = verifyOffered(crypto, signed).then((parsed) => ({ ...parsed, signed }));
      entries.delete(root);
      entries.set(root, { bytes: signed.length, known });
      let total = [...entries.values()].reduce((sum, { bytes }) => sum + bytes, 0);
      for (const [oldest, { bytes }] of entries) {
        if (total <= bytesPerLinkMax) break;
        entries.delete(oldest);
        total -= bytes;
      }
      return known;
    },
    async find(session, contentRoot) {
      const entry = bySession.get(session)?.get(toHex(contentRoot));
      if (entry === undefined) throw new ShoalError('not-found', 'the descriptor did not come over this link: send it along');
      return entry.known;
    },
  };
}
