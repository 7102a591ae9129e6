import type { JSX } from 'react';
import { formatBytes, formatLeft, formatPercent } from '../../figures/format.ts';
import type { Pace } from '../../figures/pace.ts';
import { strings } from '../strings.ts';
import { Progress } from './progress.tsx';

interface TransferFiguresProps {
  readonly label: string;
  /** 0 to 1; undefined while the whole is unknown. */
  readonly share: number | undefined;
  /** How much of how much is done, in words. */
  readonly done: string;
  readonly pace: Pace | undefined;
}

/** A transfer as a bar and in figures: share, bytes, speed and time left. */
export function TransferFigures({ label, share, done, pace }: TransferFiguresProps): JSX.Element {
  return (
    <div className="transfer">
      <Progress label={label} share={share} />
      {share !== undefined && (
        <p className="row-facts">
          <span>{formatPercent(share)}</span>
          <span className="muted">{done}</span>
          {pace !== undefined && pace.seen.length > 1 && <PaceWords pace={pace} />}
        </p>
      )}
    </div>
  );
}

function PaceWords({ pace: { bytesPerSecond, leftMs } }: { readonly pace: Pace }): JSX.Element {
  if (bytesPerSecond === 0) return <span className="muted">{strings.transfer.still}</span>;
  return (
    <>
      <span className="muted">{strings.transfer.speed(formatBytes(bytesPerSecond))}</span>
      {leftMs !== undefined && <span className="muted">{strings.transfer.left(formatLeft(leftMs))}</span>}
    </>
  );
}
