import { expect, test } from 'vitest';
import { createLogger } from './log.ts';

test('[SGN-20] of an error only class, code and place are logged, of a request nothing', () => {
  const lines: string[] = [];
  const logger = createLogger('info', { write: (line) => void lines.push(line) });
  const err = Object.assign(new TypeError('quotes a payload'), { code: 'E_TEST', address: '192.0.2.1' });
  logger.error({ event: 'failed', err, req: { ip: '192.0.2.1' }, res: { headers: 'payload' } });
  logger.error(err);
  logger.error({ err }, err.message);
  expect(JSON.parse(lines[0]!)).toMatchObject({
    event: 'failed',
    err: { type: 'TypeError', code: 'E_TEST', at: expect.stringContaining('log.test.ts') },
  });
  expect(lines.join('')).not.toMatch(/payload|192\.0\.2\.1/);
});
