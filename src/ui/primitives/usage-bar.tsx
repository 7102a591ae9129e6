import type { JSX } from 'react';
import { fraction } from '../format.ts';

interface UsageBarProps {
  readonly label: string;
  /** Bytes. */
  readonly used: number;
  readonly reserved: number;
  readonly capacity: number;
}

/** Used and reserved of a capacity, as one bar. Used is solid, reserved is hatched. */
export function UsageBar({ label, used, reserved, capacity }: UsageBarProps): JSX.Element {
  const usedShare = fraction(used, capacity) ?? 0;
  const reservedShare = Math.min(1 - usedShare, fraction(reserved, capacity) ?? 0);
  return (
    <svg className="usage" role="img" aria-label={label} width="100%" height="12">
      <defs>
        <pattern id="usage-hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
          <rect className="usage-reserved" width="3" height="6" />
        </pattern>
      </defs>
      <rect className="usage-used" width={`${usedShare * 100}%`} height="100%" />
      <rect x={`${usedShare * 100}%`} width={`${reservedShare * 100}%`} height="100%" fill="url(#usage-hatch)" />
    </svg>
  );
}
