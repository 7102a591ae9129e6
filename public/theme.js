// Runs before the first paint: a page that were drawn first and then changed its theme would flash. See src/app/theme.ts.
const theme = localStorage.getItem('shoal:theme');
if (theme === 'dark' || theme === 'light') document.documentElement.dataset.theme = theme;
