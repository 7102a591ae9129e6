import { test } from 'vitest';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { figures, figuresFile } from './figures.ts';
import { type TwoProcesses, twoProcesses } from './two-processes.ts';

const bytes = 64 * 1_048_576;
const windows = 5;

test('node-links', async () => {
  const bare = await twoProcesses('bare-end.mjs');
  const links = await twoProcesses('links-end.mjs');
  // A link gets its larger window, and the transport its speed, while it carries the first megabytes.
  for (const pair of [bare, links]) await pair.carry(bytes / 4);
  const speeds = new Map<TwoProcesses, number[]>([
    [bare, []],
    [links, []],
  ]);
  for (let i = 0; i < windows; i++)
    for (const pair of [bare, links]) {
      speeds.get(pair)!.push(await pair.carry(bytes));
    }
  for (const pair of [bare, links]) pair.end();
  const [bareSpeeds, linksSpeeds] = [speeds.get(bare)!, speeds.get(links)!];
  const measured = [
    { name: '64 MiB over a bare channel between two Node processes', unit: 'MB/s', samples: bareSpeeds },
    { name: '64 MiB over one stream of a link between two Node processes', unit: 'MB/s', samples: linksSpeeds },
    {
      name: 'the link by the bare channel, window by window',
      unit: 'times',
      samples: linksSpeeds.map((speed, i) => speed / bareSpeeds[i]!),
    },
  ];
  mkdirSync(dirname(figuresFile('node-links')), { recursive: true });
  writeFileSync(figuresFile('node-links'), figures(measured));
});
