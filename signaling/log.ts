import { pino, type DestinationStream, type Logger } from 'pino';

/**
 * Structured log lines, JSON, on standard error by default. Nothing in them names a peer: no addresses, ids, swarms, headers or payloads.
 * Of an error only its class, code and place in the code are written, since messages may quote what a peer sent.
 */
export function createLogger(level: string, destination: DestinationStream = pino.destination(2)): Logger {
  return pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      serializers: { req: () => undefined, res: () => undefined, err: describe },
      hooks: {
        logMethod(args, write) {
          const [fields] = args;
          if (fields instanceof Error) write.call(this, { err: fields }, 'error');
          // Left to itself, pino writes the error's message beside it.
          else if (typeof fields === 'object' && fields !== null && 'err' in fields) write.call(this, fields, 'error');
          else write.apply(this, args);
        },
      },
    },
    destination,
  );
}

function describe(error: unknown): Record<string, string> {
  if (!(error instanceof Error)) return { type: typeof error };
  const { code } = error as { code?: unknown };
  const frames = (error.stack ?? '').split('\n').filter((line) => line.startsWith('    at '));
  return { type: error.name, ...(typeof code === 'string' ? { code } : {}), at: frames.map((line) => line.trim()).join(' < ') };
}
