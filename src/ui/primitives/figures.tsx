import type { JSX, ReactNode } from 'react';

/** Named figures side by side. */
export function Figures({ items }: { readonly items: readonly (readonly [name: string, value: ReactNode])[] }): JSX.Element {
  return (
    <dl className="figures">
      {items.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
