import type { JSX } from 'react';
import { commands } from '../../app/commands.ts';
import type { ReceiveView } from '../../app/state.ts';
import { formatBytes, formatPercent } from '../format.ts';
import { openTakenLink } from '../opened-link.ts';
import { Button } from '../primitives/button.tsx';
import { ErrorNote } from '../primitives/error-note.tsx';
import { HealthMark } from '../primitives/health-mark.tsx';
import { Progress } from '../primitives/progress.tsx';
import { receiveMark } from '../status.ts';
import { strings } from '../strings.ts';
import { downloadShare } from '../transfers.ts';

interface ReceiveCardProps {
  readonly receive: ReceiveView;
  /** It is what the page is about: its name is the page's heading. */
  readonly main?: boolean;
}

/** One opened link: what it leads to, how much of it was found, and its download. */
export function ReceiveCard({ receive, main = false }: ReceiveCardProps): JSX.Element {
  const name = receive.name ?? (main ? strings.receive.titleUnnamed : strings.receive.unnamed);
  return (
    <article className="card receive" data-receive={receive.id} data-state={receive.state}>
      <div className="row-head">
        {main ? <h1 className="file-name">{name}</h1> : <h3 className="file-name">{name}</h3>}
        <HealthMark mark={receiveMark(receive.state)} />
      </div>
      <p className="row-facts muted">
        {receive.size !== undefined && <span data-size={receive.size}>{formatBytes(receive.size)}</span>}
        {receive.n > 0 && <span>{strings.receive.found(receive.shardsFound, receive.n)}</span>}
        {receive.n > 0 && <span>{strings.receive.needed(receive.k)}</span>}
      </p>
      {receive.state === 'failed' ? <ErrorNote code={receive.error} act="receive" /> : <p className="sentence">{receive.sentence}</p>}
      {receive.state === 'downloading' && <DownloadProgress receive={receive} name={name} />}
      {receive.state === 'done' && <p className="muted">{strings.receive.verified}</p>}
      <div className="row-actions">
        <ReceiveActions receive={receive} name={name} main={main} />
      </div>
    </article>
  );
}

function DownloadProgress({ receive, name }: { readonly receive: ReceiveView; readonly name: string }): JSX.Element {
  const share = downloadShare(receive);
  return (
    <div className="transfer">
      <Progress label={strings.receive.progress(name)} share={share} />
      {share !== undefined && receive.size !== undefined && (
        <p className="row-facts">
          <span>{formatPercent(share)}</span>
          <span className="muted">{strings.receive.of(formatBytes(receive.bytesDone), formatBytes(receive.size))}</span>
        </p>
      )}
    </div>
  );
}

function ReceiveActions({ receive, name, main }: Required<ReceiveCardProps> & { readonly name: string }): JSX.Element | null {
  const download = (): void => commands.download(receive.id);
  switch (receive.state) {
    case 'looking':
    case 'waiting':
      return null;
    case 'ready':
      return (
        <Button kind={main ? 'main' : 'plain'} aria-label={main ? undefined : strings.receive.downloadOf(name)} onClick={download}>
          {strings.receive.download}
        </Button>
      );
    case 'downloading':
      return <Button onClick={() => commands.cancelReceive(receive.id)}>{strings.receive.cancel}</Button>;
    case 'done':
      return <Button onClick={download}>{strings.receive.again}</Button>;
    case 'failed':
      // What failed before its name was known was never found: it is looked for anew. Otherwise the download is repeated.
      if (receive.name === undefined && !main) return null;
      return <Button onClick={receive.name === undefined ? openTakenLink : download}>{strings.receive.retry}</Button>;
  }
}
