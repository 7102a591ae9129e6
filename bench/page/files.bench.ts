import { createElement } from 'react';
import { createRoot } from 'react-dom/client';
import { setPage } from '../../src/app/state.ts';
import { FilesScreen } from '../../src/ui/screens/files.tsx';
import '../../src/ui/styles/page.css';
import { fileView, selfView, snapshotView } from '../../test/views.ts';
import { benchmark } from '../benchmark.ts';
import { quick } from '../measure.ts';

const times = quick() ? 10 : 30;

function show(count: number): void {
  const files = Array.from({ length: count }, (_, index) =>
    fileView({
      id: index.toString(16).padStart(16, '0'),
      name: `archive/${index}.tar`,
      addedMs: index,
      sentence: 'Safe: 3 of 3 shards online',
    }),
  );
  setPage({ phase: 'running', profile: '', snapshot: snapshotView({ self: selfView(), files }) });
}

/** From nothing to the first frame in which the list is painted, ms. */
async function firstPaint(): Promise<number> {
  const host = document.body.appendChild(document.createElement('div'));
  const root = createRoot(host);
  const begun = performance.now();
  root.render(createElement(FilesScreen));
  await new Promise<void>((resolve) => {
    const look = (): void => {
      if (host.querySelector('[data-file]') === null) requestAnimationFrame(look);
      // A task of its own comes after the frame was painted.
      else setTimeout(resolve);
    };
    requestAnimationFrame(look);
  });
  const took = performance.now() - begun;
  root.unmount();
  host.remove();
  return took;
}

async function measure(count: number): Promise<number[]> {
  show(count);
  await firstPaint();
  const samples: number[] = [];
  for (let time = 0; time < times; time++) samples.push(await firstPaint());
  return samples;
}

benchmark('files', async () => {
  const few = await measure(10);
  const many = await measure(10_000);
  return [
    { name: '10,000 files, first paint', unit: 'ms', budget: 300, samples: many },
    { name: '10 files, first paint', unit: 'ms', samples: few },
    { name: '10,000 files to 10', unit: 'times', samples: many.map((ms, index) => ms / few[index]!) },
  ];
});
