const unitMs: Readonly<Record<string, number>> = { '': 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };
const daysMax = 3_650;

/** Milliseconds of a time such as `31d`, `12h`, `30m`, `10s`, or of a bare number of them; at most ten years. Undefined when the text is none. */
export function parseOffset(text: string): number | undefined {
  const [, count, unit = ''] = /^(\d{1,12})([smhd]?)$/.exec(text.trim()) ?? [];
  const ms = count === undefined ? Number.NaN : Number(count) * unitMs[unit]!;
  return ms <= daysMax * unitMs['d']! ? ms : undefined;
}

/** Whether a host, as an address names it, is this machine itself. */
export const isLoopbackHost = (host: string): boolean => /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/.test(host);

/**
 * How far a peer's clock shall go ahead, by `?clock=31d` of its page (SPEC CONF-9), ms. 0 but on this machine itself and in a profile
 * that was named: else a link could have somebody's tab throw away what it holds.
 */
export function clockOffsetIn({ hostname, search }: Pick<Location, 'hostname' | 'search'>): number {
  const query = new URLSearchParams(search);
  const isForTests = isLoopbackHost(hostname) && (query.get('profile') ?? '') !== '';
  return isForTests ? (parseOffset(query.get('clock') ?? '') ?? 0) : 0;
}
