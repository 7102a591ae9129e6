/** Runs in the page: what is wrong with how the focus is shown; undefined when nothing is, or when nothing that can be used has it. */
export async function focusTrouble(): Promise<string | undefined> {
  const ending = document.getAnimations().filter(({ effect }) => effect?.getComputedTiming().endTime !== Number.POSITIVE_INFINITY);
  await Promise.allSettled(ending.map(({ finished }) => finished));
  const focused = document.activeElement;
  if (focused === null || focused === document.body || focused.matches('main')) return undefined;
  const name = `${focused.tagName}.${focused.className} “${(focused.textContent ?? '').slice(0, 40)}”`;
  // Some are shown by what stands for them: a radio button by its chip, a peer by the ring it is on.
  const ring = focused.closest('.ring-stage')?.querySelector('.ring-canvas');
  const standing = ring ? [ring] : [focused, focused.closest('label')];
  const shown = standing.find((each) => {
    if (!each?.checkVisibility()) return false;
    const { outlineStyle, outlineWidth } = getComputedStyle(each);
    return outlineStyle !== 'none' && Number.parseFloat(outlineWidth) > 0;
  });
  if (!shown) return `no outline: ${name}`;
  const { left, right, top, bottom } = shown.getBoundingClientRect();
  const [x, y] = [(Math.max(left, 0) + Math.min(right, innerWidth)) / 2, (Math.max(top, 0) + Math.min(bottom, innerHeight)) / 2];
  const hit = document.elementFromPoint(x, y);
  return hit !== null && shown.contains(hit) ? undefined : `covered by ${hit?.outerHTML.slice(0, 60) ?? 'nothing'}: ${name}`;
}
