import { describe, expect, test } from 'vitest';
import { errorCodes } from '../app/state.ts';
import { type Act, errorWords } from './error-words.ts';

const acts: readonly Act[] = ['send', 'replace', 'receive', 'save', 'lend', 'delete'];

describe('errors in words', () => {
  test.each(errorCodes.flatMap((code) => acts.map((act) => [code, act] as const)))(
    '[UI-4] %s on %s says what happened and what to do next, in whole sentences',
    (code, act) => {
      const { what, next } = errorWords(code, act);
      expect(what).toMatch(/^[A-Z].*\.$/);
      expect(next).toMatch(/^[A-Z].*\.$/);
    },
  );

  test('[UI-4] every code has words of its own', () => {
    for (const act of acts) {
      expect(new Set(errorCodes.map((code) => errorWords(code, act).what)).size).toBe(errorCodes.length);
    }
  });

  test('[UI-4] name no cause that it cannot be', () => {
    expect(errorWords('not-found', 'save').what).toMatch(/chose/);
    expect(errorWords('not-found', 'receive').what).toMatch(/online/);
    expect(errorWords('integrity', 'save')).toEqual(errorWords('integrity', 'receive'));
    expect(errorWords('not-found', 'replace').what).toMatch(/deleted/);
    expect(errorWords('busy', 'replace').what).toMatch(/stored or deleted/);
    // Nothing that ended for want of peers goes on by itself, but a deletion.
    for (const act of acts.filter((each) => each !== 'delete'))
      expect(errorWords('not-enough-peers', act).next).not.toMatch(/Keep this tab/);
    // Of an upload that finds no room in the swarm there is no error: it waits.
    expect(errorWords('full', 'send').what).toMatch(/this browser/i);
    for (const act of acts) expect(errorWords('stale', act).what).toMatch(/another tab/i);
  });

  test('[UI-4] what is no code reads as internal', () => {
    expect(errorWords('toString', 'send')).toEqual(errorWords('internal', 'send'));
    expect(errorWords(undefined, 'receive')).toEqual(errorWords('internal', 'receive'));
  });
});
