import * as z from 'zod/mini';
import { iceServer } from '../src/core/wire/client-message.ts';
import { limitsSchema } from './limits-config.ts';

/** Everything that can be set about the server; each has a default. */
export const configSchema = z.strictObject({
  host: z._default(z.string().check(z.minLength(1)), 'localhost'),
  port: z._default(z.int().check(z.minimum(0), z.maximum(65_535)), 8080),
  /** Paths of PEM files; both or neither. */
  tlsCert: z.optional(z.string().check(z.minLength(1))),
  tlsKey: z.optional(z.string().check(z.minLength(1))),
  /** STUN and TURN servers handed to every peer that joins. */
  iceServers: z._default(z.array(iceServer).check(z.maxLength(16)), []),
  /** Reverse proxies in front whose X-Forwarded-For is believed. */
  proxies: z._default(z.int().check(z.minimum(0), z.maximum(8)), 0),
  /** Keys the failure-domain hints; random at each start when absent. Servers that share a swarm must share it. */
  domainSecret: z.optional(z.string().check(z.minLength(16))),
  logLevel: z._default(z.enum(['debug', 'info', 'warn', 'error', 'silent']), 'info'),
  limits: z.prefault(limitsSchema, {}),
});

export type Config = z.infer<typeof configSchema>;
/** What may be given: everything optional. */
export type ConfigInput = z.input<typeof configSchema>;
