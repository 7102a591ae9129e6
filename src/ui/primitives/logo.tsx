import type { JSX } from 'react';

/** Three fish of one shoal; the same drawing as `public/icon.svg`. */
export function Logo(): JSX.Element {
  return (
    <svg className="logo" viewBox="0 0 32 32" width="24" height="24" aria-hidden="true" focusable="false">
      <path d="M4 9.5c4-4 10-4 14 0l4-3v6l-4-3c-4 4-10 4-14 0Z" />
      <path d="M12 16.5c3.4-3.4 8.6-3.4 12 0l4-2.8v5.6l-4-2.8c-3.4 3.4-8.6 3.4-12 0Z" />
      <path d="M4 24c3.4-3.4 8.6-3.4 12 0l4-2.8v5.6L16 24c-3.4 3.4-8.6 3.4-12 0Z" />
    </svg>
  );
}
