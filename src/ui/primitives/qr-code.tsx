import { type JSX, useEffect, useState } from 'react';

interface QrCodeProps {
  readonly text: string;
  /** What the code leads to, for assistive technology. */
  readonly label: string;
}

/** Text as a QR code, dark on light in either theme, as cameras want it. Its encoder is fetched when a code is first shown. */
export function QrCode({ text, label }: QrCodeProps): JSX.Element {
  const [modules, setModules] = useState<readonly (readonly boolean[])[]>();
  useEffect(() => {
    let wanted = true;
    void import('uqr').then(
      ({ encode }) => wanted && setModules(encode(text, { ecc: 'M', border: 3 }).data),
      // Without the encoder the address itself stands beside the code.
      () => undefined,
    );
    return () => {
      wanted = false;
    };
  }, [text]);
  const size = modules?.length ?? 1;
  return (
    <svg
      className="qr"
      viewBox={`0 0 ${size} ${size}`}
      role="img"
      aria-label={label}
      data-qr={modules === undefined ? undefined : size}
      shapeRendering="crispEdges"
    >
      {modules !== undefined && <path d={pathOf(modules)} />}
    </svg>
  );
}

/** One run of dark modules after the other, row by row. */
function pathOf(modules: readonly (readonly boolean[])[]): string {
  let path = '';
  for (const [y, row] of modules.entries()) {
    for (let x = 0; x < row.length; x++) {
      if (!row[x]) continue;
      const from = x;
      while (row[x + 1]) x++;
      path += `M${from} ${y}h${x - from + 1}v1H${from}z`;
    }
  }
  return path;
}
