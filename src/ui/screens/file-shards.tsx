import type { JSX } from 'react';
import type { FileView } from '../../app/state.ts';
import { ShardStrip } from '../primitives/shard-strip.tsx';
import { strings } from '../strings.ts';
import { worstSegment } from '../transfers.ts';

const segmentsMax = 32;

/** The strip of the worst segment, which stands for the whole, and that of each segment where there are several. */
export function FileShards({ file }: { readonly file: FileView }): JSX.Element {
  const n = file.k + file.m;
  const listed = file.segments > 1 ? Math.min(file.segments, segmentsMax) : 0;
  return (
    <section aria-labelledby="shards">
      <div className="section-head">
        <h2 id="shards">{strings.file.shards}</h2>
        <p className="muted">{strings.file.code(file.k, file.m)}</p>
      </div>
      <div className="strip-large" data-strip="object">
        <ShardStrip k={file.k} m={file.m} held={worstSegment(file)} />
      </div>
      {listed > 0 && (
        <ol className="segments" aria-label={strings.file.segments(file.segments)}>
          {Array.from({ length: listed }, (_, segment) => (
            <li key={segment} data-segment={segment}>
              <span className="muted">{strings.file.segment(segment)}</span>
              <ShardStrip k={file.k} m={file.m} held={file.shards.slice(segment * n, (segment + 1) * n)} first={segment * n} />
            </li>
          ))}
        </ol>
      )}
      {file.segments > listed && listed > 0 && <p className="muted">{strings.file.moreSegments(file.segments - listed)}</p>}
    </section>
  );
}
