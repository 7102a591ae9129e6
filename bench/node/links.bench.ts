import { benchmark } from '../benchmark.ts';
import { interleaved, quick } from '../measure.ts';
import { twoProcesses } from './two-processes.ts';

const bytes = (quick() ? 8 : 64) * 1_048_576;
const size = `${bytes / 1_048_576} MiB`;

benchmark('links', async () => {
  const bare = await twoProcesses('bare-end.mjs');
  const links = await twoProcesses('links-end.mjs');
  try {
    // A link gets its larger window, and the transport its speed, while it carries the first megabytes: those of the warm-up.
    const { samples, by } = await interleaved({ bare: () => bare.carry(bytes), links: () => links.carry(bytes) });
    return [
      { name: `${size} over a bare channel between two Node processes`, unit: 'MB/s', samples: samples.bare },
      { name: `${size} over one stream of a link between two Node processes`, unit: 'MB/s', samples: samples.links },
      { name: 'the link by the bare channel, window by window', unit: 'times', samples: by('links', 'bare') },
    ];
  } finally {
    for (const pair of [bare, links]) pair.end();
  }
});
