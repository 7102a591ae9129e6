/** Every story there is, for whoever walks them all: screenshots and the accessibility checks. Imports nothing, so that anything can read it. */

/** What every route can be in. */
export const storyStates4 = ['empty', 'busy', 'degraded', 'error'] as const;

/** The phases in which no peer runs, so that one picture stands for all routes. */
export const storyPhases = ['starting', 'elsewhere', 'insecure', 'failed'] as const;

/** What comes once in the life of a profile, with the routes that show it: `fresh`, a first file was stored on peers of one machine, and nothing is lent yet. */
export const storyFirsts = [
  { state: 'fresh', name: 'drop', hash: '#/' },
  { state: 'fresh', name: 'files', hash: '#/files' },
] as const;

export const storyStates = [...storyStates4, 'fresh', ...storyPhases] as const;
export type StoryState = (typeof storyStates)[number];

export const storyThemes = ['dark', 'light'] as const;
export type StoryTheme = (typeof storyThemes)[number];

/** First 16 hex of the record key of the file that `/files/:id` shows; in state `empty` nobody has it. */
export const storyFileId = 'b1352e993304e176';

/** One story for each route of `src/ui/routes.tsx` (`list.test.ts` holds them together). */
export const storyRoutes = [
  { name: 'drop', hash: '#/' },
  { name: 'files', hash: '#/files' },
  { name: 'file', hash: `#/files/${storyFileId}` },
  { name: 'receive', hash: '#/r/' },
  { name: 'contribute', hash: '#/contribute' },
  { name: 'swarm', hash: '#/swarm' },
  { name: 'activity', hash: '#/activity' },
  { name: 'settings', hash: '#/settings' },
] as const;

/** Path, query and hash of a story, from where the page is served. */
export function storyAddress(hash: string, state: StoryState, theme: StoryTheme): string {
  return `/?state=${state}&theme=${theme}${hash}`;
}
