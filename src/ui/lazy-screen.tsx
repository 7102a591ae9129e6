import { type ComponentType, type JSX, lazy, Suspense, useState } from 'react';

export interface LazyScreen<Props extends object> {
  readonly Screen: (props: Props) => JSX.Element;
  /** Fetches the screen's code; a second call does nothing. Fails when it cannot be had. */
  prefetch(): Promise<unknown>;
}

/**
 * A screen whose code is fetched when it is first needed. Once fetched it is drawn at once: React's own `lazy` would leave the page
 * empty for a frame even then.
 */
export function lazyScreen<Props extends object>(load: () => Promise<ComponentType<Props>>): LazyScreen<Props> {
  let loaded: ComponentType<Props> | undefined;
  let loading: Promise<ComponentType<Props>> | undefined;
  const prefetch = (): Promise<ComponentType<Props>> =>
    (loading ??= load().then(
      (screen) => (loaded = screen),
      (error: unknown) => {
        loading = undefined;
        throw error;
      },
    ));
  const Waiting: ComponentType<Props> = lazy(async () => ({ default: await prefetch() }));
  return {
    prefetch,
    Screen(props) {
      // Decided once: a screen that was waited for, then drawn by the other way, would lose its state and its focus.
      const [Loaded] = useState(() => loaded);
      return Loaded === undefined ? (
        <Suspense>
          <Waiting {...props} />
        </Suspense>
      ) : (
        <Loaded {...props} />
      );
    },
  };
}
