import type { JSX } from 'react';

interface ProgressProps {
  readonly label: string;
  /** 0 to 1; undefined while the whole is unknown. */
  readonly share: number | undefined;
}

/** A native progress bar; in thousandths, so that a large file's bar still moves evenly. */
export function Progress({ label, share }: ProgressProps): JSX.Element {
  return share === undefined ? (
    <progress className="progress" aria-label={label} />
  ) : (
    <progress className="progress" aria-label={label} max={1000} value={Math.floor(share * 1000)} />
  );
}
