import { type JSX, type SyntheticEvent, useId, useState } from 'react';
import { commands } from '../../app/commands.ts';
import type { Snapshot } from '../../app/state.ts';
import { formatBytes } from '../../figures/format.ts';
import { Button } from '../primitives/button.tsx';
import { strings } from '../strings.ts';

const words = strings.settings;

/** Says exactly what is lost, then asks for a typed word. */
export function ErasePeer({ profile, snapshot }: { readonly profile: string; readonly snapshot: Snapshot | undefined }): JSX.Element {
  const [asking, setAsking] = useState<boolean>();
  return (
    <section className="card erase" aria-labelledby="erase">
      <h2 id="erase">{words.erase}</h2>
      <p>{words.eraseProfile(profile === '' ? strings.swarm.unnamedProfile : profile)}</p>
      <ul className="plain-list">
        <li>{words.eraseIdentity}</li>
        <li>{words.eraseFiles(snapshot?.files.length ?? 0)}</li>
        <li>{words.eraseShards(snapshot?.self.shards ?? 0, formatBytes(snapshot?.self.used ?? 0))}</li>
        <li>{words.eraseLinks}</li>
      </ul>
      <p className="muted">{words.eraseKeeps}</p>
      {asking === true ? (
        <Confirmation onCancel={() => setAsking(false)} />
      ) : (
        // oxlint-disable-next-line jsx-a11y/no-autofocus -- after "Keep it" it stands where the form was that had the focus
        <Button autoFocus={asking === false} onClick={() => setAsking(true)}>
          {words.eraseBegin}
        </Button>
      )}
    </section>
  );
}

function Confirmation({ onCancel }: { onCancel(): void }): JSX.Element {
  const id = useId();
  const [typed, setTyped] = useState('');
  const [erasing, setErasing] = useState(false);
  const confirmed = typed.trim().toLowerCase() === words.eraseWord;
  const submit = (event: SyntheticEvent): void => {
    event.preventDefault();
    if (!confirmed || erasing) return;
    setErasing(true);
    void commands.erase();
  };
  return (
    <form className="erase-form" onSubmit={submit}>
      <label htmlFor={id} className="label">
        {words.eraseConfirm(words.eraseWord)}
      </label>
      <div className="erase-row">
        <input
          id={id}
          // oxlint-disable-next-line jsx-a11y/no-autofocus -- it appears where the button was that had the focus
          autoFocus
          className="field"
          value={typed}
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          onChange={(event) => setTyped(event.currentTarget.value)}
        />
        <Button type="submit" className="button-danger" disabled={!confirmed || erasing}>
          {erasing ? words.erasing : words.eraseNow}
        </Button>
        <Button disabled={erasing} onClick={onCancel}>
          {words.eraseCancel}
        </Button>
      </div>
    </form>
  );
}
