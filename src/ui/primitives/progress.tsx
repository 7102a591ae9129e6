import type { JSX } from 'react';

interface ProgressProps {
  readonly label: string;
  /** 0 to 1; undefined while the whole is unknown. */
  readonly share: number | undefined;
}

/**
 * A progress bar that moves by a transform: a native one styles parts of its own at every change of its value, and has the page laid
 * out for it, which took a quarter of all that the page did during an upload.
 */
export function Progress({ label, share }: ProgressProps): JSX.Element {
  return share === undefined ? (
    <div className="progress progress-unknown" role="progressbar" aria-label={label}>
      <span />
    </div>
  ) : (
    <div
      className="progress"
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={Math.floor(share * 100)}
    >
      <span style={{ transform: `translateX(${(Math.floor(share * 1000) - 1000) / 10}%)` }} />
    </div>
  );
}
