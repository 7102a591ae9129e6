import { type JSX, useId, useRef } from 'react';
import { CopyButton } from './copy-button.tsx';

interface CopyFieldProps {
  readonly label: string;
  readonly value: string;
  readonly copyLabel: string;
  readonly copyFullLabel?: string;
  /** Shows the label; otherwise it is there for assistive technology only. */
  readonly labelled?: boolean;
  /** `quiet`: in a row, where many stand together. */
  readonly kind?: 'plain' | 'quiet';
}

/** A value to take along: selected whole by a click, copied by its button. */
export function CopyField({ label, value, copyLabel, copyFullLabel, labelled = false, kind = 'plain' }: CopyFieldProps): JSX.Element {
  const id = useId();
  const field = useRef<HTMLInputElement>(null);
  const select = (): void => {
    field.current?.focus();
    field.current?.select();
  };
  return (
    <div className={`copy-field copy-field-${kind}`}>
      <label htmlFor={id} className={labelled ? 'label' : 'visually-hidden'}>
        {label}
      </label>
      <div className="copy-row">
        <input
          ref={field}
          id={id}
          className="field mono"
          readOnly
          value={value}
          spellCheck={false}
          autoComplete="off"
          onClick={(event) => event.currentTarget.select()}
        />
        <CopyButton
          kind={kind}
          text={value}
          label={copyLabel}
          {...(copyFullLabel === undefined ? {} : { fullLabel: copyFullLabel })}
          onRefused={select}
        />
      </div>
    </div>
  );
}
