/** Whether a profile was offered to lend storage, and answered or lent: the offer comes once. */
const storageKey = (profile: string): string => `shoal:lending-asked:${profile}`;

export function isLendingAsked(profile: string): boolean {
  return localStorage.getItem(storageKey(profile)) !== null;
}

export function rememberLendingAsked(profile: string): void {
  localStorage.setItem(storageKey(profile), '1');
}

export function forgetLendingAsked(profile: string): void {
  localStorage.removeItem(storageKey(profile));
}
