import type { JSX } from 'react';
import { fraction } from '../../figures/format.ts';

interface UsageBarProps {
  readonly label: string;
  /** Bytes. */
  readonly used: number;
  readonly reserved: number;
  readonly headroom: number;
  readonly capacity: number;
}

/** Used, reserved and headroom of a capacity, as one bar: used is solid, reserved is hatched, headroom at the end is dotted. */
export function UsageBar({ label, used, reserved, headroom, capacity }: UsageBarProps): JSX.Element {
  const share = (bytes: number): number => fraction(bytes, capacity) ?? 0;
  const usedShare = share(used);
  const reservedShare = Math.min(1 - usedShare, share(reserved));
  const headroomShare = Math.min(1 - usedShare - reservedShare, share(headroom));
  const percent = (part: number): string => `${part * 100}%`;
  return (
    <svg className="usage" role="img" aria-label={label} width="100%" height="12">
      <defs>
        <pattern id="usage-hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
          <rect className="usage-reserved" width="3" height="6" />
        </pattern>
        <pattern id="usage-dots" width="6" height="6" patternUnits="userSpaceOnUse">
          <circle className="usage-reserved" cx="3" cy="3" r="1" />
        </pattern>
      </defs>
      <rect className="usage-used" width={percent(usedShare)} height="100%" />
      <rect x={percent(usedShare)} width={percent(reservedShare)} height="100%" fill="url(#usage-hatch)" />
      <rect x={percent(1 - headroomShare)} width={percent(headroomShare)} height="100%" fill="url(#usage-dots)" />
    </svg>
  );
}
