import { peerMark, type Shape, type Tone } from '../status.ts';
import type { Cell } from './cells.ts';

const tokens = ['base', 'surface', 'raised', 'text', 'muted', 'accent', 'safe', 'thin', 'risk', 'repairing', 'line', 'hairline'] as const;

/** The page's colours, as a canvas wants them: values, not names. */
export type Palette = Readonly<Record<(typeof tokens)[number], string>>;

/** The colours that hold at `element` now. */
export function readPalette(element: Element): Palette {
  const style = getComputedStyle(element);
  return Object.fromEntries(tokens.map((token) => [token, style.getPropertyValue(`--${token}`).trim()])) as Palette;
}

/** Calls `changed` whenever the theme may have changed, by the person or by the system; gives the way to stop. */
export function watchTheme(changed: () => void): () => void {
  const light = matchMedia('(prefers-color-scheme: light)');
  light.addEventListener('change', changed);
  const observer = new MutationObserver(changed);
  observer.observe(document.documentElement, { attributeFilter: ['data-theme'] });
  return () => {
    light.removeEventListener('change', changed);
    observer.disconnect();
  };
}

/** Shape and tone of a cell: those of its state anywhere on the page; a verdict outweighs it. */
export function lookOfCell(cell: Pick<Cell, 'state' | 'marked'>): { readonly shape: Shape; readonly tone: Tone } {
  return cell.marked ? { shape: 'triangle', tone: 'risk' } : peerMark(cell.state);
}
