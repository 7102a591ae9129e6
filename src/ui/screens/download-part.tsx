import { type JSX, type SubmitEvent, useId, useState } from 'react';
import { commands } from '../../app/commands.ts';
import { Button } from '../primitives/button.tsx';
import { strings } from '../strings.ts';

interface DownloadPartProps {
  readonly id: string;
  /** Bytes of the whole file, at least 1. */
  readonly size: number;
}

/** What a person asks for who wants only some bytes of a file. */
export function DownloadPart({ id, size }: DownloadPartProps): JSX.Element {
  const [from, setFrom] = useState('0');
  const [bytes, setBytes] = useState(String(size));
  const offset = Number(from);
  const length = Number(bytes);
  const inside = Number.isInteger(offset) && Number.isInteger(length) && offset >= 0 && length >= 1 && offset + length <= size;
  const download = (event: SubmitEvent): void => {
    event.preventDefault();
    if (inside) commands.downloadPart(id, offset, length);
  };
  return (
    <details className="part">
      <summary>{strings.receive.part}</summary>
      <form noValidate onSubmit={download}>
        <div className="part-fields">
          <NumberField label={strings.receive.partFrom} value={from} max={size - 1} wrong={!inside} onChange={setFrom} />
          <NumberField label={strings.receive.partBytes} value={bytes} max={size} wrong={!inside} onChange={setBytes} />
          <Button type="submit" disabled={!inside}>
            {strings.receive.partDownload}
          </Button>
        </div>
        <p className="muted">{strings.receive.partBounds(size.toLocaleString('en-GB'))}</p>
        <div role="status">{!inside && <p className="error-note">{strings.receive.partWrong}</p>}</div>
      </form>
    </details>
  );
}

interface NumberFieldProps {
  readonly label: string;
  readonly value: string;
  readonly max: number;
  readonly wrong: boolean;
  onChange(value: string): void;
}

function NumberField({ label, value, max, wrong, onChange }: NumberFieldProps): JSX.Element {
  const id = useId();
  return (
    <div>
      <label className="label" htmlFor={id}>
        {label}
      </label>
      <input
        id={id}
        type="number"
        className="field field-number"
        min={0}
        max={max}
        step={1}
        value={value}
        aria-invalid={wrong}
        onChange={(event) => onChange(event.currentTarget.value)}
      />
    </div>
  );
}
