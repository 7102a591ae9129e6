import type { JSX } from 'react';
import type { FileView } from '../../app/state.ts';
import { shortId } from '../../figures/format.ts';
import { seenWords, shardWords } from '../holder-words.ts';
import { HealthMark } from '../primitives/health-mark.tsx';
import { holderMark } from '../status.ts';
import { strings } from '../strings.ts';

interface FileHoldersProps {
  readonly file: FileView;
  /** ms, to say how long ago somebody was seen. */
  readonly now: number;
}

/** Who claims shards of a file, live ones first, then as their shards come. */
export function FileHolders({ file, now }: FileHoldersProps): JSX.Element {
  const columns = strings.file.columns;
  const sorted = file.holders.toSorted(
    (a, b) => Number(b.state === 'live') - Number(a.state === 'live') || (a.shards[0] ?? 0) - (b.shards[0] ?? 0),
  );
  return (
    <section aria-labelledby="holders">
      <h2 id="holders">{strings.file.holders}</h2>
      {sorted.length === 0 ? (
        <p className="muted">{strings.file.noHolders}</p>
      ) : (
        <div className="table-scroll" role="region" aria-label={strings.file.holdersCaption} tabIndex={0}>
          <table>
            <caption className="visually-hidden">{strings.file.holdersCaption}</caption>
            <thead>
              <tr>
                <th scope="col">{columns.peer}</th>
                <th scope="col">{columns.state}</th>
                <th scope="col">{columns.shards}</th>
              </tr>
            </thead>
            <tbody>
              {sorted.map((holder) => (
                <tr key={holder.node} data-holder={holder.node} data-state={holder.state}>
                  <th scope="row" className="mono" title={holder.node}>
                    {shortId(holder.node)}
                  </th>
                  <td>
                    <HealthMark mark={holderMark(holder.state)} /> <span className="muted">{seenWords(holder, now)}</span>
                  </td>
                  <td className="holder-shards">{shardWords(holder, file)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}
