import { type JSX, memo } from 'react';
import { strings } from '../strings.ts';
import { heldCount } from '../transfers.ts';

/** More cells stand closer together. */
const denseFrom = 24;

interface ShardStripProps {
  readonly k: number;
  readonly m: number;
  /** How many live holders claim each of the k + m shards, data shards first. */
  readonly held: readonly number[];
  /** Index of the first cell, counted over the object (segment × n); 0 for the strip of the whole object. */
  readonly first?: number;
}

/** k + m cells in one thin bar, filled where a shard is held; a notch parts data from parity. */
export const ShardStrip = memo(function ShardStrip({ k, m, held, first = 0 }: ShardStripProps): JSX.Element {
  if (k === 0) return <div className="strip strip-empty" role="img" aria-label={strings.shards.none} />;
  const cell = (index: number): JSX.Element => (
    <span key={index} className="cell" data-shard={first + index} data-held={held[index] ?? 0} />
  );
  const indexes = Array.from({ length: k + m }, (_, index) => index);
  return (
    <div className={k + m < denseFrom ? 'strip' : 'strip strip-dense'} role="img" aria-label={strings.shards.strip(heldCount(held), k, m)}>
      {indexes.slice(0, k).map(cell)}
      {m > 0 && <span className="notch" />}
      {indexes.slice(k).map(cell)}
    </div>
  );
}, isSame);

function isSame(a: ShardStripProps, b: ShardStripProps): boolean {
  return a.k === b.k && a.m === b.m && a.first === b.first && a.held.join() === b.held.join();
}
