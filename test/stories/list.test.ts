import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { root } from '../../tools/tidy/sources.ts';
import { storyRoutes } from './list.ts';

const paths = [...readFileSync(join(root, 'src/ui/routes.tsx'), 'utf8').matchAll(/<Route path="([^"]+)"/g)].map(([, path]) => path!);

/** Whether the router shows this path for a hash: `:id` is one step, `*?` whatever follows. */
const leadsTo = (hash: string, path: string): boolean =>
  new RegExp(`^#${path.replace('*?', '.*').replace(/:[a-z]+/g, '[^/]+')}$`).test(hash);

test('every route of the page has a story, and every story a route', () => {
  expect(paths.length).toBeGreaterThanOrEqual(8);
  expect(paths.filter((path) => !storyRoutes.some(({ hash }) => leadsTo(hash, path)))).toEqual([]);
  expect(storyRoutes.filter(({ hash }) => !paths.some((path) => leadsTo(hash, path)))).toEqual([]);
});
