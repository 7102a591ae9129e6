import { ShoalError } from '../errors.ts';
import type { CborMap, CborValue } from './cbor.ts';
import { toUtf8 } from './text.ts';

/**
 * Typed records over CBOR maps with unsigned keys: one description of a map gives its reader, its writer and its TypeScript type.
 * Every format and message of Shoal (descriptor, header, claim, heartbeat, request bodies) is described this way, once.
 */
export interface Kind<T> {
  /** The checked value. Throws `bad-input` when `value` is not of this kind. */
  read(value: CborValue | undefined, name: string): T;
  /** The CBOR form, or undefined where the field is left out. */
  write(value: T): CborValue | undefined;
}

/** Any kind: what it reads is unknown here, what it writes must be of its own type. */
interface SomeKind {
  read(value: CborValue | undefined, name: string): unknown;
  write(value: never): CborValue | undefined;
}
type Fields = Readonly<Record<string, readonly [key: number, kind: SomeKind]>>;
type KindOf<F> = F extends readonly [number, Kind<infer T>] ? T : never;
type Optional<F extends Fields> = { [N in keyof F]: undefined extends KindOf<F[N]> ? N : never }[keyof F];
type RecordOf<F extends Fields> = { readonly [N in Exclude<keyof F, Optional<F>>]: KindOf<F[N]> } & {
  readonly [N in Optional<F>]?: KindOf<F[N]>;
};

/** The TypeScript type of a record described by `fields`. */
export type Infer<R> = R extends Kind<infer T> ? T : never;

/** A map with exactly these keys; fields of an `optional` kind may be absent, any other key is refused. */
export const fields = <const F extends Fields>(described: F): Kind<RecordOf<F>> => mapOf(described, 0);

const format = 1;

/**
 * The same of a form that is kept or sent: its key 1 is its format, 1 so far, which is no field. Of a later one nothing is read but that
 * (SPEC FMT-1): `too-new`, in words that `name` is a part of.
 */
export function formatted<const F extends Fields>(described: F): Kind<RecordOf<F>> {
  const rest = mapOf(described, 1);
  return {
    read(value, name) {
      if (value !== undefined && isLaterFormat(value, format))
        throw new ShoalError('too-new', `The ${name} was made by a newer version of Shoal.`);
      if (!(value instanceof Map) || (value as CborMap).get(1) !== format) throw refused(name, 'has no known format');
      return rest.read(value, name);
    },
    write: (record) => new Map<number, CborValue>([[1, format], ...(rest.write(record) as CborMap)]),
  };
}

/** A map with these keys and `besides` others, which somebody else looks at. */
function mapOf<F extends Fields>(described: F, besides: number): Kind<RecordOf<F>> {
  const entries = Object.entries(described);
  return {
    read(value, name) {
      if (!(value instanceof Map)) throw refused(name, 'is not a map');
      const map: CborMap = value;
      const record: Record<string, unknown> = {};
      let seen = 0;
      for (const [field, [key, kind]] of entries) {
        // No value of CBOR is undefined.
        const value = map.get(key);
        if (value !== undefined) seen++;
        const read = kind.read(value, `${name}.${field}`);
        if (read !== undefined) record[field] = read;
      }
      if (seen + besides !== map.size) throw refused(name, 'has a key that does not belong there');
      return record as RecordOf<F>;
    },
    write(record) {
      const map = new Map<number, CborValue>();
      for (const [field, [key, kind]] of entries) {
        const written = kind.write((record as Record<string, never>)[field] as never);
        if (written !== undefined) map.set(key, written);
      }
      return map;
    },
  };
}

/** Unsigned integer within [least, most]. */
export function uint(least = 0, most: number = Number.MAX_SAFE_INTEGER): Kind<number> {
  return scalar(
    (value): value is number => typeof value === 'number' && value >= least && value <= most,
    `an integer from ${least} to ${most}`,
  );
}

/** Byte string of exactly `length` bytes, or of at most `most`. */
export function bytes(length: number | { readonly most: number }): Kind<Uint8Array> {
  return typeof length === 'number'
    ? scalar((value): value is Uint8Array => value instanceof Uint8Array && value.length === length, `${length} bytes`)
    : scalar((value): value is Uint8Array => value instanceof Uint8Array && value.length <= length.most, `at most ${length.most} bytes`);
}

/** UTF-8 text of at most `most` UTF-16 units. */
export function text(most: number): Kind<string> {
  return scalar((value): value is string => typeof value === 'string' && value.length <= most, `text of at most ${most}`);
}

/** Text for a person to read, from whom ever: 1 to `most` bytes of UTF-8, nothing in it that steers a terminal or hides (Unicode category C). */
export function label(most: number): Kind<string> {
  return scalar(
    (value): value is string => typeof value === 'string' && /^\P{C}+$/u.test(value) && toUtf8(value).length <= most,
    `plain text of 1 to ${most} bytes`,
  );
}

/** Array of at most `most` items of one kind. */
export function list<T>(item: Kind<T>, most: number): Kind<readonly T[]> {
  return {
    read(value, name) {
      if (!Array.isArray(value) || value.length > most) throw refused(name, `is not a list of at most ${most}`);
      return (value as CborValue[]).map((each, i) => item.read(each, `${name}[${i}]`));
    },
    write: (values) => values.map((each) => item.write(each)!),
  };
}

/** A field that may be absent. */
export function optional<T>(kind: Kind<T>): Kind<T | undefined> {
  return {
    read: (value, name) => (value === undefined ? undefined : kind.read(value, name)),
    write: (value) => (value === undefined ? undefined : kind.write(value)),
  };
}

/** Whether a map says by its key 1, where every signed statement has its format, that it is of a later one than `format`. */
export function isLaterFormat(value: CborValue, format: number): boolean {
  const named = value instanceof Map ? (value as CborMap).get(1) : undefined;
  return typeof named === 'number' && named > format;
}

function scalar<T extends CborValue>(is: (value: CborValue) => value is T & CborValue, expected: string): Kind<T> {
  return {
    read(value, name) {
      if (value === undefined || !is(value)) throw refused(name, `is not ${expected}`);
      return value;
    },
    write: (value) => value,
  };
}

function refused(name: string, why: string): ShoalError {
  return new ShoalError('bad-input', `${name} ${why}`);
}
