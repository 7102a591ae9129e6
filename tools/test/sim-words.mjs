// What a simulation says when it is over. Pure.

/**
 * What the command prints, and its status: 1 when an invariant was violated.
 * @param asked the arguments of the command
 */
export function answerOf(asked, { report, violations, lines }) {
  return {
    out: asked.json ? `${JSON.stringify(report)}\n` : textOf(report),
    err: violations.length === 0 ? '' : complaintOf(asked, violations, lines),
    exitCode: violations.length === 0 ? 0 : 1,
  };
}

/** The one command that plays it again. */
export function replayOf({ seed, peers, hours, faults, busy = 1, realSignatures }) {
  const people = busy === 1 ? '' : ` --busy ${busy}`;
  const real = realSignatures ? ' --real-signatures' : '';
  return `npm run -s sim -- --seed ${seed} --peers ${peers} --hours ${hours} --faults ${faults}${people}${real} --json`;
}

/** What was violated, what happened last to the peers of the first violation, and how to see it again. */
function complaintOf(asked, violations, lines) {
  const said = violations.map(({ invariant, ms, words, nodes }) => {
    const who = nodes.map((node) => ` ${node.slice(0, 8)}`).join('');
    return `${(ms / 1_000).toFixed(3)} s ${invariant}: ${words}${who}`;
  });
  return `${said.join('\n')}\n\n${lines.join('\n')}\n\nreplay: ${replayOf(asked)}\n`;
}

function textOf({ seed, peers, simulatedHours, traceHash, events, speed, realMs, reads, misses, starved, invariants, faults }) {
  const named = (counts) => Object.entries(counts).map(([name, count]) => `  ${name.padEnd(30)} ${count}`);
  const checks = Object.fromEntries(
    Object.entries(invariants).map(([name, count]) => [name, `${count.violations} violations in ${count.checks} checks`]),
  );
  return [
    `seed ${seed}: ${peers} peers for ${simulatedHours} h in ${(realMs / 1_000).toFixed(1)} s, ${speed} × real time`,
    `${events} events, trace ${traceHash}`,
    `${reads} reads, ${misses} records not found, ${starved} files short of shards`,
    'invariants',
    ...named(checks),
    'faults',
    ...named(faults),
    '',
  ].join('\n');
}
