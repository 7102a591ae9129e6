import { type JSX, useState } from 'react';
import { commands } from '../../app/commands.ts';
import { errorCode, type ErrorCode, type FileView } from '../../app/state.ts';
import { AskButton } from '../primitives/ask-button.tsx';
import { ErrorNote } from '../primitives/error-note.tsx';
import { strings } from '../strings.ts';
import { isChangeable } from '../transfers.ts';

const words = strings.remove;

/** Deletes an own file for everyone, after a question. While that goes on the file says so itself. */
export function DeleteFile({ file }: { readonly file: FileView }): JSX.Element | null {
  const [error, setError] = useState<ErrorCode>();
  const remove = async (): Promise<void> => {
    setError(undefined);
    // The button goes away while the file is deleted, and must not take the focus with it.
    document.getElementById('main')?.focus({ preventScroll: true });
    try {
      await commands.remove(file.id);
    } catch (thrown) {
      setError(errorCode(thrown));
    }
  };
  // What is not confirmed yet is still being deleted: the error says so then.
  const failure =
    error === undefined ? null : (
      <div role="alert">
        <ErrorNote code={error} act="delete" />
      </div>
    );
  if (!isChangeable(file)) return file.state === 'deleting' ? failure : null;
  return (
    <section aria-labelledby="delete">
      <h2 id="delete">{words.title}</h2>
      <p className="muted">{words.text}</p>
      {failure}
      <AskButton
        label={words.begin}
        fullLabel={words.beginOf(file.name)}
        question={words.question}
        yes={words.yes}
        no={words.no}
        onYes={() => void remove()}
      >
        <p className="dialog-name">{file.name}</p>
        <p>{words.effect(file.holders.length)}</p>
      </AskButton>
    </section>
  );
}
