import { type CSSProperties, type JSX, type KeyboardEvent, useId, useState } from 'react';
import { formatBytes } from '../../figures/format.ts';
import { strings } from '../strings.ts';

const gigabyte = 1_000_000_000;
/** The slider's stops, in GB: from a taste to a good part of a disk. Any other amount can be typed. */
const stops = [0.1, 0.25, 0.5, 1, 2, 5, 10, 20, 50, 100] as const;
const gigabytesMin = 0.1;
const gigabytesMax = 1000;

interface CapacityControlProps {
  readonly bytes: number;
  /** Called once a choice is made: when the slider is let go, or the number was entered. */
  onCommit(bytes: number): void;
}

/** How much to lend: a slider over sensible amounts beside the exact number in GB. */
export function CapacityControl({ bytes, onCommit }: CapacityControlProps): JSX.Element {
  const id = useId();
  const [draft, setDraft] = useState<number>();
  const [typed, setTyped] = useState<string>();
  const gigabytes = draft ?? bytes / gigabyte;

  const commit = (value: number): void => {
    setDraft(undefined);
    setTyped(undefined);
    const bounded = Math.min(gigabytesMax, Math.max(gigabytesMin, value));
    if (Number.isFinite(value) && bounded * gigabyte !== bytes) onCommit(Math.round(bounded * gigabyte));
  };
  const commitDraft = (): void => {
    if (draft !== undefined) commit(draft);
  };
  const commitTyped = (): void => {
    if (typed !== undefined) commit(Number.parseFloat(typed));
  };
  const onEnter = (event: KeyboardEvent): void => {
    if (event.key === 'Enter') commitTyped();
  };
  return (
    <div className="capacity">
      <label className="label" htmlFor={id}>
        {strings.contribute.capacity}
      </label>
      <div className="capacity-row">
        <input
          id={id}
          type="range"
          className="range"
          style={filledTo(nearestStop(gigabytes) / (stops.length - 1))}
          min={0}
          max={stops.length - 1}
          step={1}
          value={nearestStop(gigabytes)}
          aria-valuetext={formatBytes(gigabytes * gigabyte)}
          onChange={(event) => setDraft(stops[event.currentTarget.valueAsNumber])}
          onPointerUp={commitDraft}
          onKeyUp={commitDraft}
          onBlur={commitDraft}
        />
        <input
          type="number"
          className="field field-number capacity-number"
          min={gigabytesMin}
          max={gigabytesMax}
          step="any"
          aria-label={strings.contribute.capacityNumber}
          value={typed ?? String(gigabytes)}
          onChange={(event) => setTyped(event.currentTarget.value)}
          onBlur={commitTyped}
          onKeyDown={onEnter}
        />
        <span className="muted" aria-hidden="true">
          {strings.contribute.capacityUnit}
        </span>
      </div>
    </div>
  );
}

/** How much of the slider's track is filled, for its style. */
function filledTo(share: number): CSSProperties {
  return { ['--filled' as string]: `${share * 100}%` };
}

function nearestStop(gigabytes: number): number {
  const distances = stops.map((stop) => Math.abs(Math.log(stop / Math.max(gigabytes, gigabytesMin))));
  return distances.indexOf(Math.min(...distances));
}
