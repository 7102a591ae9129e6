import * as z from 'zod/mini';
import { errorCodes, ShoalError } from '../../src/core/errors.ts';
import type { ShardResult, VerifyProgress } from '../../src/peer/verify-object.ts';

/**
 * What a command says to the running peer of its home, over HTTP on a Unix socket of mode 0600 (SPEC LOCAL-*). Nobody else hears it: a
 * capability may be in it.
 */

/** In every path: a command of another Shoal than the running one gets a clear answer. */
export const apiVersion = 'v1';

/** What a running peer says of itself. */
export interface About {
  readonly pid: number;
  readonly version: string;
  readonly swarm: string;
  readonly signalingUrl: string;
}

/** How many bytes of a file follow. (`content-length` would leave no room for a trailer.) */
export const lengthHeader = 'shoal-length';

/** What went wrong after the first byte of a file was sent, percent-encoded. */
export const errorTrailer = 'shoal-error';

export const dropRequest = z.strictObject({
  path: z.string(),
  name: z.string(),
  media: z.string(),
  profile: z.optional(z.strictObject({ k: z.int(), m: z.int() })),
  replaces: z.optional(z.string()),
});
export const capabilityRequest = z.strictObject({ capability: z.string() });
export const renewRequest = z.strictObject({ id: z.optional(z.string()) });
/** `record`: a record key, or `all`. */
export const letGoRequest = z.strictObject({ record: z.string() });
export const partRequest = z.strictObject({ offset: z.optional(z.coerce.number()), length: z.optional(z.coerce.number()) });

/** One line of the answer to `verify`: progress, and last the results. */
export type VerifyLine = { readonly progress: VerifyProgress } | { readonly results: readonly ShardResult[] };

const told = z.object({ code: z.enum(errorCodes), message: z.string() });

/** An error as it crosses the socket. */
export function encodeError(error: unknown): string {
  const { code, message } = error instanceof ShoalError ? error : new ShoalError('internal', String(error));
  return JSON.stringify({ code, message });
}

/** The error that the other side told; `internal` for what cannot be read. */
export function decodeError(text: string): ShoalError {
  try {
    const { code, message } = told.parse(JSON.parse(text));
    return new ShoalError(code, message);
  } catch {
    return new ShoalError('internal', 'The running peer answered with something else than it should: is it another version of Shoal?');
  }
}
