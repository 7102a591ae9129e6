import type { CborMap } from '../core/bytes/cbor.ts';
import type { Crypto, Random } from '../peer/ports.ts';
import type { Ledger } from './ledger.ts';
import type { RawPeer } from './raw-peer.ts';

/** A peer of which only the links are real, and that misbehaves by what it says over them. */
export interface Speaker {
  readonly node: string;
  /** Capabilities to read what it has stored. */
  readonly stored: readonly string[];
  /** Does one thing, to `target` if it is to one. Never throws: that it is refused is what is to be. */
  act(target: string, random: Random): Promise<void>;
}

/** What a speaker is made of. */
export interface Speaking {
  readonly raw: RawPeer;
  readonly crypto: Crypto;
  readonly ledger: Ledger;
  readonly nowMs: () => number;
  /** The record of an object as some peer has it: what is got by asking. */
  readonly record: (recordKey: string) => Uint8Array | undefined;
  /** `target` was asked what nobody may ask of it there and now. */
  readonly forged: (target: string, what: string, obeyed: boolean) => void;
}

/** So long a speaker waits for an answer. */
const deadlineMs = 10_000;

/** Asks `target`, sends what is to follow on the stream, and gives its answer; throws what it refused with. */
export async function ask(
  { raw }: Pick<Speaking, 'raw'>,
  target: string,
  kind: number,
  body: CborMap,
  following?: Uint8Array,
): Promise<CborMap> {
  const call = raw.session(target).call(kind, body, { deadlineMs });
  if (following !== undefined) {
    // Refused it takes no bytes: the answer says why.
    call.send(following).catch(() => {});
    call.end();
  }
  return call.result;
}
