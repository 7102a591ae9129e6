import { frameTypes } from '../core/wire/frame.ts';
import { frameHeaderBytes } from '../core/wire/limits.ts';
import { firstRequestKind, kinds } from '../core/wire/kinds.ts';

/** The requests under way on one link, as its frames tell them at the port of one end. */
export interface RequestCount {
  /** Made by this end, neither answered nor given up. */
  readonly asked: number;
  /** Made by the other end, neither answered nor given up. */
  readonly owed: number;
  /** A frame goes out, or comes in; true where it begins a request. */
  sent(frame: Uint8Array): boolean;
  received(frame: Uint8Array): boolean;
}

export function requestCount(): RequestCount {
  const asked = new Set<number>();
  const owed = new Set<number>();
  const note = (frame: Uint8Array, ofSender: Set<number>, ofOther: Set<number>): boolean => {
    const message = messageBegunBy(frame);
    if (message === undefined) return false;
    const { kind, id } = message;
    if (kind >= firstRequestKind) ofSender.add(id);
    else if (kind === kinds.cancel) ofSender.delete(id);
    else if (kind === kinds.ok || kind === kinds.error) ofOther.delete(id);
    return kind >= firstRequestKind;
  };
  return {
    get asked() {
      return asked.size;
    },
    get owed() {
      return owed.size;
    },
    sent: (frame) => note(frame, asked, owed),
    received: (frame) => note(frame, owed, asked),
  };
}

/** An array of three, which every message is. */
const arrayOfThree = 0x83;

/** Kind and request of the message that this frame is the first of (SPEC WIRE-3): read here by hand, for it is done for every frame. */
export function messageBegunBy(frame: Uint8Array): { readonly kind: number; readonly id: number } | undefined {
  if (frame[0] !== frameTypes.control || frame[frameHeaderBytes] !== arrayOfThree) return undefined;
  // Of the pieces of a message the first has the sequence 0.
  if ((frame[6]! | frame[7]! | frame[8]! | frame[9]!) !== 0) return undefined;
  const [kind, afterKind] = integerAt(frame, frameHeaderBytes + 1);
  const [id] = integerAt(frame, afterKind);
  return { kind, id };
}

/** The unsigned CBOR integer at `at`, of up to four bytes, and where what follows it begins. */
function integerAt(bytes: Uint8Array, at: number): readonly [value: number, end: number] {
  const head = bytes[at]!;
  const length = head < 24 ? 0 : 2 ** (head - 24);
  let value = length === 0 ? head : 0;
  for (let i = 1; i <= length; i++) value = value * 256 + bytes[at + i]!;
  return [value, at + 1 + length];
}
