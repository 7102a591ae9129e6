import { AxeBuilder } from '@axe-core/playwright';
import { storyThemes } from './list.ts';
import type { StoryPage } from './story-page.ts';

/** Every rule of axe but the experimental ones and those of WCAG's level AAA. */
const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** What breaks a rule of axe in what is shown, in both themes: the rule and where. */
export async function violations(story: StoryPage): Promise<string[]> {
  const found: string[] = [];
  for (const theme of storyThemes) {
    await story.wear(theme);
    const results = await (await axe(story))
      .options({ resultTypes: ['violations'] })
      .withTags(tags)
      .setLegacyMode()
      .analyze();
    for (const { id, nodes } of results.violations)
      for (const { html, failureSummary } of nodes) found.push(`${theme}: ${id}: ${html}\n${failureSummary}`);
  }
  return found;
}

/** Axe, which is half of the time: brought in once for each document. */
async function axe({ page }: StoryPage): Promise<AxeBuilder> {
  const there = await page.evaluate(() => 'axe' in window);
  return new AxeBuilder({ page, ...(there ? { axeSource: 'void 0' } : {}) });
}
