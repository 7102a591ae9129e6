import { createElement, useState } from 'react';
import { createRoot } from 'react-dom/client';
import { expect, test, vi } from 'vitest';
import { lazyScreen } from './lazy-screen.tsx';

test('a screen that was waited for keeps its state when the page is drawn again', async () => {
  const { Screen, prefetch } = lazyScreen(async () => Counted);
  const host = document.createElement('div');
  const root = createRoot(host);
  root.render(createElement(Screen, { page: 1 }));
  await prefetch();
  await vi.waitFor(() => expect(host.textContent).toMatch(/^1 /));
  const [, born] = host.textContent.split(' ');

  root.render(createElement(Screen, { page: 2 }));
  await vi.waitFor(() => expect(host.textContent).toBe(`2 ${born}`));
  root.unmount();
});

/** Tells which drawing of the page it belongs to, and by a number of its own whether it is still the same. */
function Counted({ page }: { readonly page: number }) {
  const [born] = useState(() => crypto.randomUUID());
  return createElement('p', null, `${page} ${born}`);
}
