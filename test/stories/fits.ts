/** Runs in the page: what is wider than the window, cut off, or covered by something else when it is scrolled to. */
export function misfits(): string[] {
  const found: string[] = [];
  const { scrollWidth, clientWidth } = document.documentElement;
  if (scrollWidth > clientWidth) found.push(`scrolls sideways by ${scrollWidth - clientWidth} px`);

  const nameOf = (element: Element): string => `${element.tagName}.${element.className} “${(element.textContent ?? '').slice(0, 40)}”`;
  // What is there for assistive technology alone has no place on the screen.
  const unseen = '.visually-hidden, .ring-walk, .skip';
  const all = (selector: string): Element[] =>
    [...document.querySelectorAll(selector)].filter((element) => element.closest(unseen) === null && element.checkVisibility());

  for (const element of all('body *')) {
    const { overflowX, textOverflow } = getComputedStyle(element);
    // A frame that scrolls may hold more than it shows.
    const cuts = (overflowX === 'hidden' || overflowX === 'clip') && textOverflow !== 'ellipsis';
    if (cuts && element.scrollWidth > element.clientWidth + 1) found.push(`cut off: ${nameOf(element)}`);
  }

  for (const element of all('a[href], button:enabled, input:not([type=file]):enabled, textarea, select, summary')) {
    element.scrollIntoView({ block: 'center', inline: 'nearest', behavior: 'instant' });
    const { left, right, top, bottom } = element.getBoundingClientRect();
    if (left < 0 || right > clientWidth + 0.5) found.push(`outside: ${nameOf(element)}`);
    const hit = document.elementFromPoint((left + right) / 2, (top + bottom) / 2);
    const own = hit !== null && (element.contains(hit) || hit.closest('label')?.contains(element) === true);
    if (!own) found.push(`covered: ${nameOf(element)} by ${hit === null ? 'nothing' : nameOf(hit)}`);
  }
  window.scrollTo(0, 0);
  return found;
}

/** Runs in the page: what moves. */
export function moving(): string[] {
  return document.getAnimations().flatMap(({ playState, effect }) => {
    if (playState !== 'running' || !(effect instanceof KeyframeEffect)) return [];
    return [`moves: ${effect.target?.tagName}.${effect.target?.className}${effect.pseudoElement ?? ''}`];
  });
}
