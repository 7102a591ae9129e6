/** How many turns are asked for at once: between two such lots the loop looks at files and sockets, which costs as much as a small event. */
const turnsAtOnce = 64;

/** For a virtual clock: each call resolves once no microtask is left. Node runs them all between any two immediates. */
export function turns() {
  let waiting = [];
  let left = 0;
  const turn = () => {
    left--;
    const resolves = waiting;
    waiting = [];
    for (const resolve of resolves) resolve();
  };
  return () =>
    new Promise((resolve) => {
      waiting.push(resolve);
      if (left > 0) return;
      left = turnsAtOnce;
      for (let i = 0; i < turnsAtOnce; i++) setImmediate(turn);
    });
}
