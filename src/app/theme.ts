export type Theme = 'system' | 'dark' | 'light';

/** As `public/theme.js` reads it, which sets the theme before the first paint. */
const storageKey = 'shoal:theme';

/** The theme that was chosen on this origin; `system` follows the system's. */
export function chosenTheme(): Theme {
  const kept = localStorage.getItem(storageKey);
  return kept === 'dark' || kept === 'light' ? kept : 'system';
}

/** Shows a theme from now on, in every tab that is opened later. */
export function chooseTheme(theme: Theme): void {
  if (theme === 'system') {
    localStorage.removeItem(storageKey);
    delete document.documentElement.dataset['theme'];
  } else {
    localStorage.setItem(storageKey, theme);
    document.documentElement.dataset['theme'] = theme;
  }
}
