import { type JSX, type SubmitEvent, useId, useState } from 'react';
import { enterLink } from '../opened-link.ts';
import { Button } from '../primitives/button.tsx';
import { strings } from '../strings.ts';

/** Opens a link that came by another way than a click. What is no link is said by the page in the words of errors. */
export function PasteLink(): JSX.Element {
  const id = useId();
  const [text, setText] = useState('');
  const open = (event: SubmitEvent): void => {
    event.preventDefault();
    if (text.trim() === '') return;
    enterLink(text);
    setText('');
  };
  return (
    <form className="paste-link" onSubmit={open}>
      <label className="label" htmlFor={id}>
        {strings.receive.intro}
      </label>
      <div className="copy-row">
        <input
          id={id}
          className="field mono"
          value={text}
          placeholder={strings.receive.placeholder}
          spellCheck={false}
          autoComplete="off"
          onChange={(event) => setText(event.currentTarget.value)}
        />
        <Button type="submit" disabled={text.trim() === ''}>
          {strings.receive.open}
        </Button>
      </div>
    </form>
  );
}
