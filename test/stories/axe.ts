import { AxeBuilder } from '@axe-core/playwright';
import { storyThemes } from './list.ts';
import type { StoryPage } from './story-page.ts';

/** Every rule of axe but the experimental ones and those of WCAG's level AAA. */
const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** Those of them that look at colours, which are all that the themes differ in. */
const colourRules = ['color-contrast', 'link-in-text-block'];

/** What breaks a rule of axe in what is shown: the rule and where. All rules in the first theme, those of colours in the others. */
export async function violations(story: StoryPage): Promise<string[]> {
  const found: string[] = [];
  for (const [index, theme] of storyThemes.entries()) {
    await story.wear(theme);
    const builder = (await axe(story)).options({ resultTypes: ['violations'] }).setLegacyMode();
    const results = await (index === 0 ? builder.withTags(tags) : builder.withRules(colourRules)).analyze();
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
