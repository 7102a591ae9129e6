import type { JSX } from 'react';
import { commands } from '../../app/commands.ts';
import type { ReceiveView } from '../../app/state.ts';
import { formatBytes } from '../../figures/format.ts';
import { openTakenLink } from '../opened-link.ts';
import { useDownloadPace } from '../paces.ts';
import { Button } from '../primitives/button.tsx';
import { ErrorNote } from '../primitives/error-note.tsx';
import { HealthLine } from '../primitives/health-line.tsx';
import { TransferFigures } from '../primitives/transfer-figures.tsx';
import { receiveMark } from '../status.ts';
import { strings } from '../strings.ts';
import { downloadShare, isDownloading, isGone } from '../transfers.ts';
import { DownloadPart } from './download-part.tsx';

interface ReceiveCardProps {
  readonly receive: ReceiveView;
  /** It is what the page is about: its name is the page's heading. */
  readonly main?: boolean;
}

/** One opened link: what it leads to, how much of it was found, and its download. */
export function ReceiveCard({ receive, main = false }: ReceiveCardProps): JSX.Element {
  const name = receive.name ?? (main ? strings.receive.titleUnnamed : strings.receive.unnamed);
  const failed = receive.state === 'failed';
  return (
    <article className={main ? 'card receive receive-main' : 'card receive'} data-receive={receive.id} data-state={receive.state}>
      <div>
        {main ? <h1 className="file-name">{name}</h1> : <h3 className="file-name">{name}</h3>}
        <p className="row-facts muted">
          {receive.size !== undefined && <span data-size={receive.size}>{formatBytes(receive.size)}</span>}
          {receive.version > 1 && <span>{strings.versions.of(receive.version)}</span>}
          {receive.n > 0 && <span>{strings.receive.found(receive.shardsFound, receive.n)}</span>}
          {receive.n > 0 && <span>{strings.receive.needed(receive.k)}</span>}
        </p>
      </div>
      <HealthLine mark={receiveMark(receive)} sentence={failed && !receive.deleted ? '' : receive.sentence} />
      {receive.equivocated && <p className="hint-note">{strings.receive.signedTwice}</p>}
      {failed && !receive.deleted && <ErrorNote code={receive.error} act={receive.name === undefined ? 'receive' : 'save'} />}
      {isDownloading(receive) && <DownloadProgress receive={receive} name={name} />}
      <div className="row-actions">
        <ReceiveActions receive={receive} name={name} main={main} />
      </div>
      {receive.size !== undefined && receive.size > 0 && !isGone(receive) && !isDownloading(receive) && (
        <DownloadPart id={receive.id} size={receive.size} />
      )}
    </article>
  );
}

function DownloadProgress({ receive, name }: { readonly receive: ReceiveView; readonly name: string }): JSX.Element {
  const pace = useDownloadPace(receive.id);
  return (
    <TransferFigures
      label={strings.receive.progress(name)}
      share={downloadShare(receive)}
      done={strings.receive.of(formatBytes(receive.bytesDone), formatBytes(receive.bytesWanted))}
      pace={pace}
    />
  );
}

function ReceiveActions({ receive, name, main }: Required<ReceiveCardProps> & { readonly name: string }): JSX.Element | null {
  const download = (): void => commands.download(receive.id);
  if (isDownloading(receive)) return <Button onClick={() => commands.cancelReceive(receive.id)}>{strings.receive.cancel}</Button>;
  if (isGone(receive)) return null;
  switch (receive.state) {
    case 'looking':
    case 'waiting':
    case 'downloading':
      return null;
    case 'ready':
      return (
        <Button kind={main ? 'main' : 'plain'} aria-label={main ? undefined : strings.receive.downloadOf(name)} onClick={download}>
          {strings.receive.download}
        </Button>
      );
    case 'done':
      return <Button onClick={download}>{strings.receive.again}</Button>;
    case 'failed':
      // What failed before its name was known was never found: it is looked for anew. Otherwise the download is repeated.
      if (receive.name === undefined && !main) return null;
      return <Button onClick={receive.name === undefined ? openTakenLink : download}>{strings.receive.retry}</Button>;
  }
}
