import { type JSX, useState } from 'react';
import { commands } from '../../app/commands.ts';
import { errorCode, type ErrorCode, type SelfView } from '../../app/state.ts';
import { formatBytes } from '../../figures/format.ts';
import { AskButton } from '../primitives/ask-button.tsx';
import { ErrorNote } from '../primitives/error-note.tsx';
import { strings } from '../strings.ts';

const words = strings.dropHeld;

/** Gives up everything that is held for others, after a question. */
export function DropHeld({ self }: { readonly self: SelfView }): JSX.Element {
  const [done, setDone] = useState<string>();
  const [error, setError] = useState<ErrorCode>();
  const drop = async (): Promise<void> => {
    setError(undefined);
    setDone(undefined);
    try {
      const { shards, bytes } = await commands.letGo();
      setDone(words.done(shards, formatBytes(bytes)));
    } catch (thrown) {
      setError(errorCode(thrown));
    }
  };
  return (
    <section className="card" aria-labelledby="drop-held">
      <h2 id="drop-held">{words.title}</h2>
      <p>{words.text}</p>
      {self.shards > 0 && (
        <AskButton label={words.begin} question={words.question} yes={words.yes} no={words.no} onYes={() => void drop()}>
          <p>{words.effect(self.shards, formatBytes(self.used))}</p>
          {self.needed && <p className="hint-note">{words.needed}</p>}
          {self.contributing && <p className="muted">{words.again}</p>}
        </AskButton>
      )}
      <p role="status">{done}</p>
      {error !== undefined && (
        <div role="alert">
          <ErrorNote code={error} act="lend" />
        </div>
      )}
    </section>
  );
}
