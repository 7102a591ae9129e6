import type { ComponentProps, JSX } from 'react';

interface ButtonProps extends ComponentProps<'button'> {
  /** `main`: the one thing to do here. `quiet`: beside a row, where many stand together. */
  readonly kind?: 'main' | 'plain' | 'quiet';
}

export function Button({ kind = 'plain', type = 'button', className, ...rest }: ButtonProps): JSX.Element {
  return <button {...rest} type={type} className={['button', `button-${kind}`, className].filter(Boolean).join(' ')} />;
}
