/** What the command was asked. */
export interface Asked {
  readonly seed: string;
  readonly peers: number;
  readonly hours: number;
  readonly faults: string;
  readonly realSignatures: boolean;
  readonly json: boolean;
}

/** Structurally what src/sim/run.ts gives. */
export interface Ran {
  readonly report: object;
  readonly violations: readonly {
    readonly invariant: string;
    readonly ms: number;
    readonly words: string;
    readonly nodes: readonly string[];
  }[];
  readonly lines: readonly string[];
}

export function answerOf(asked: Asked, ran: Ran): { readonly out: string; readonly err: string; readonly exitCode: 0 | 1 };
export function replayOf(asked: Omit<Asked, 'json'>): string;
