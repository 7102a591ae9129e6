import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

const css = readFileSync(new URL('tokens.css', import.meta.url), 'utf8');

const rgb = (hex: string): readonly number[] => [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16));

/** Both themes as the style sheet has them. */
const tokens = new Map(
  [...css.matchAll(/--([a-z]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\);/g)].map(([, name, light, dark]) => [
    name!,
    { light: light!, dark: dark! },
  ]),
);

/** WCAG 2.2: relative luminance of sRGB, and the ratio of two. */
function luminance(colour: string): number {
  const [r, g, b] = rgb(colour).map((value) => {
    const share = value / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!;
}

function contrast(a: string, b: string): number {
  const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (high! + 0.05) / (low! + 0.05);
}

/** The table of the design, dark then light. */
const design: Readonly<Record<string, readonly [dark: string, light: string]>> = {
  base: ['#0b0f14', '#fafbfc'],
  surface: ['#121821', '#ffffff'],
  raised: ['#1a2330', '#f0f3f6'],
  text: ['#e6edf3', '#10161d'],
  muted: ['#9ba9b8', '#52606d'],
  accent: ['#5ec8ff', '#0067a3'],
  safe: ['#3dd6a3', '#0b7a57'],
  thin: ['#f2b84b', '#8a5a00'],
  risk: ['#ff7a6b', '#b3261e'],
  repairing: ['#b79cff', '#6b45c6'],
  line: ['#66778a', '#7b8794'],
};

const themes = ['dark', 'light'] as const;
const backgrounds = ['base', 'surface', 'raised'];
const texts = ['text', 'muted', 'accent', 'safe', 'thin', 'risk', 'repairing'];

describe('colours', () => {
  test.each(Object.entries(design))('[UI-15] %s is that of the table', (name, [dark, light]) => {
    expect(tokens.get(name)).toEqual({ dark, light });
  });

  test.each(themes.flatMap((theme) => backgrounds.map((background) => [theme, background] as const)))(
    '[UI-15] on %s %s every text has 4.5:1 and every line 3:1',
    (theme, background) => {
      const on = (name: string): number => contrast(tokens.get(name)![theme], tokens.get(background)![theme]);
      for (const name of texts) expect(on(name), name).toBeGreaterThanOrEqual(4.5);
      expect(on('line'), 'line').toBeGreaterThanOrEqual(3);
    },
  );

  test.each(themes)('[UI-15] on a filled %s button the base colour has 4.5:1', (theme) => {
    expect(contrast(tokens.get('accent')![theme], tokens.get('base')![theme])).toBeGreaterThanOrEqual(4.5);
  });
});
