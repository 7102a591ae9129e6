import type { JSX } from 'react';
import type { FileView, HolderView } from '../../app/state.ts';
import { shortId } from '../format.ts';
import { HealthMark } from '../primitives/health-mark.tsx';
import { holderMark } from '../status.ts';
import { strings } from '../strings.ts';

/** Shards named in full up to here; of more, only their number is told. */
const namedMax = 8;

/** Who claims shards of a file, live ones first, then as their shards come. */
export function FileHolders({ file }: { readonly file: FileView }): JSX.Element {
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
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- it scrolls on a narrow screen, which must work by keyboard too
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
                    <HealthMark mark={holderMark(holder.state)} />
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

/** Which shards, counted from 1: "data 2, parity 1"; of many, or of several segments, how many. */
function shardWords({ shards }: HolderView, { k, m, segments }: FileView): string {
  if (segments > 1 || shards.length > namedMax) return strings.file.shardsOf(shards.length, segments * (k + m));
  return shards.map((shard) => (shard < k ? strings.file.dataShard(shard + 1) : strings.file.parityShard(shard - k + 1))).join(', ');
}
