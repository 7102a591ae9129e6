import { type JSX, type ReactNode, useId, useRef, useState } from 'react';
import { Button } from './button.tsx';

interface AskButtonProps {
  /** What the button says, and what it is called where several say the same. */
  readonly label: string;
  readonly fullLabel?: string;
  readonly question: string;
  /** What follows from a yes. */
  readonly children: ReactNode;
  readonly yes: string;
  readonly no: string;
  onYes(): void;
}

/** A button that asks in a dialog before it does what cannot be undone. The browser closes it by Esc, and gives the focus back. */
export function AskButton({ label, fullLabel, question, children, yes, no, onYes }: AskButtonProps): JSX.Element {
  const dialog = useRef<HTMLDialogElement>(null);
  const [open, setOpen] = useState(false);
  const id = useId();
  const show = (): void => {
    setOpen(true);
    dialog.current?.showModal();
  };
  const close = (): void => dialog.current?.close();
  const confirm = (): void => {
    close();
    onYes();
  };
  return (
    <>
      <Button aria-label={fullLabel} aria-haspopup="dialog" onClick={show}>
        {label}
      </Button>
      <dialog ref={dialog} className="dialog" aria-labelledby={id} onClose={() => setOpen(false)}>
        {open && (
          <>
            <h2 id={id}>{question}</h2>
            {children}
            <div className="row-actions">
              {/* The first thing that an Enter too many meets. */}
              <Button autoFocus onClick={close}>
                {no}
              </Button>
              <Button className="button-danger" onClick={confirm}>
                {yes}
              </Button>
            </div>
          </>
        )}
      </dialog>
    </>
  );
}
