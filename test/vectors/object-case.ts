import type { Header } from '../../src/core/object/header.ts';
import type { Stream } from './vectors.ts';

/** One case of objects.json, as README.md describes it. */
export interface ObjectCase {
  readonly name: string;
  readonly k: number;
  readonly m: number;
  readonly ws: string;
  readonly salt: string;
  readonly version: number;
  readonly file: Stream & { readonly sha256: string };
  readonly header: Header;
  readonly created: number;
  readonly lease: number;
  readonly class: number;
  readonly policy: readonly [anchorsMin: number, domainMax: number];
  readonly previousBodyHash?: string;
  readonly wrap?: { readonly root: string; readonly nonce: string; readonly wrap: string };
  readonly signSeed: string;
  readonly Pw: string;
  readonly rk: string;
  readonly recordKey: string;
  readonly ck: string;
  readonly key: string;
  readonly nonce: string;
  readonly commitment: string;
  readonly capabilities: { readonly W: string; readonly R: string; readonly V: string };
  readonly streamHead: string;
  readonly streamLength: number;
  readonly streamSha256: string;
  readonly ciphertextLength: number;
  readonly ciphertextSha256: string;
  readonly ciphertextHead: string;
  readonly segments: readonly {
    readonly stripes: readonly number[] | { readonly count: number; readonly last: number };
    readonly shardLength: number;
    readonly shards: readonly { readonly sha256: string; readonly root: string }[];
  }[];
  readonly contentRoot: string;
  readonly bodyHash: string;
  readonly descriptorSha256: string;
  readonly descriptor?: string;
  readonly ciphertext?: string;
  readonly shards?: readonly (readonly string[])[] | readonly string[];
}
