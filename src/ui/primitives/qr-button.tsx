import { type JSX, useId, useRef, useState } from 'react';
import { strings } from '../strings.ts';
import { Button } from './button.tsx';
import { CopyField } from './copy-field.tsx';
import { QrCode } from './qr-code.tsx';

interface QrButtonProps {
  /** What the link leads to. */
  readonly name: string;
  readonly link: string;
  readonly kind?: 'plain' | 'quiet';
}

/** Shows the link as a code to scan, in a dialog. The browser closes it by Esc and gives the focus back. */
export function QrButton({ name, link, kind = 'plain' }: QrButtonProps): JSX.Element {
  const dialog = useRef<HTMLDialogElement>(null);
  const [open, setOpen] = useState(false);
  const id = useId();
  const show = (): void => {
    setOpen(true);
    dialog.current?.showModal();
  };
  return (
    <>
      <Button kind={kind} aria-label={strings.qr.openOf(name)} aria-haspopup="dialog" onClick={show}>
        {strings.qr.open}
      </Button>
      <dialog ref={dialog} className="dialog" aria-labelledby={id} onClose={() => setOpen(false)}>
        {open && (
          <>
            <h2 id={id}>{strings.qr.title}</h2>
            <QrCode text={link} label={strings.qr.openOf(name)} />
            <p className="muted">{name}</p>
            <CopyField label={strings.file.linkOf(name)} value={link} copyLabel={strings.copy.link} />
            <Button onClick={() => dialog.current?.close()}>{strings.qr.close}</Button>
          </>
        )}
      </dialog>
    </>
  );
}
