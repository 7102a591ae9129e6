import type { CommandWords, OptionWords, Place } from './words.ts';

export const shells = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof shells)[number];

/** The script that teaches a shell what can follow `shoal`. */
export function completionScript(shell: Shell, commands: readonly CommandWords[]): string {
  return { bash: bashScript, zsh: zshScript, fish: fishScript }[shell](commands);
}

/** Names with the place of their value, once for each different place. */
function withValue(commands: readonly CommandWords[]): OptionWords[] {
  const all = commands.flatMap(({ options }) => options).filter(({ value }) => value !== undefined);
  return [...new Map(all.map((option) => [option.names[0], option])).values()];
}

/** Shared by bash and zsh: finds the command that the words so far name, in `at`. An option's value is no command. */
function walk(commands: readonly CommandWords[], first: string, last: string, word: string): string[] {
  const paths = commands.filter(({ path }) => path !== '').map(({ path }) => `'${path}'`);
  const names = withValue(commands).flatMap((option) => option.names);
  return [
    `  for ((i = ${first}; i < ${last}; i++)); do`,
    `    word=${word}`,
    '    case "$word" in',
    `      ${names.join('|')}) ((i++)); continue ;;`,
    '    esac',
    '    case "${at:+$at }$word" in',
    `      ${paths.join('|')}) at="\${at:+$at }$word" ;;`,
    '    esac',
    '  done',
  ];
}

function bashScript(commands: readonly CommandWords[]): string {
  const reply = (place: Place): string => {
    if (place.kind === 'choices') return `COMPREPLY=($(compgen -W '${place.choices.join(' ')}' -- "$cur"))`;
    if (place.kind === 'text') return ':';
    // A name may hold spaces; compopt is newer than the bash of macOS.
    return `local IFS=$'\\n'; compopt -o filenames 2>/dev/null; COMPREPLY=($(compgen -${place.kind === 'files' ? 'f' : 'd'} -- "$cur"))`;
  };
  return lines([
    '# bash completion for shoal',
    '_shoal() {',
    '  local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]} at= word i',
    '  COMPREPLY=()',
    // bash takes `--home=x` for three words.
    '  if [[ $cur == "=" ]]; then cur=; elif [[ $prev == "=" ]]; then prev=${COMP_WORDS[COMP_CWORD-2]}; fi',
    ...walk(commands, '1', 'COMP_CWORD', '${COMP_WORDS[i]}'),
    '  case "$prev" in',
    ...withValue(commands).map(({ names, value }) => `    ${names.join('|')}) ${reply(value!)}; return ;;`),
    '  esac',
    '  case "$at" in',
    ...commands.flatMap(({ path, commands: below, options, argument }) => [
      `    '${path}')`,
      '      if [[ $cur == -* ]]; then',
      `        COMPREPLY=($(compgen -W '${options.flatMap(({ names }) => names).join(' ')}' -- "$cur"))`,
      `      else ${below.length > 0 ? reply({ kind: 'choices', choices: below }) : reply(argument ?? { kind: 'text' })}; fi ;;`,
    ]),
    '  esac',
    '}',
    'complete -F _shoal shoal',
  ]);
}

function zshScript(commands: readonly CommandWords[]): string {
  const reply = (place: Place): string => {
    if (place.kind === 'choices') return `compadd -- ${place.choices.join(' ')}`;
    return { files: '_files', folders: '_files -/', text: ':' }[place.kind];
  };
  return lines([
    '#compdef shoal',
    '_shoal() {',
    '  local at= word i prev=${words[CURRENT-1]} cur=${words[CURRENT]}',
    ...walk(commands, '2', 'CURRENT', '${words[i]}'),
    '  case "$prev" in',
    ...withValue(commands).map(({ names, value }) => `    ${names.join('|')}) ${reply(value!)}; return ;;`),
    '  esac',
    '  case "$at" in',
    ...commands.flatMap(({ path, commands: below, options, argument }) => [
      `    '${path}')`,
      `      if [[ $cur == -* ]]; then compadd -- ${options.flatMap(({ names }) => names).join(' ')}`,
      `      else ${below.length > 0 ? reply({ kind: 'choices', choices: below }) : reply(argument ?? { kind: 'text' })}; fi ;;`,
    ]),
    '  esac',
    '}',
    'compdef _shoal shoal',
  ]);
}

function fishScript(commands: readonly CommandWords[]): string {
  const quote = (text: string): string => `'${text.replaceAll(/[\\']/g, '\\$&')}'`;
  const byPath = new Map(commands.map((command) => [command.path, command]));
  return lines([
    '# fish completion for shoal',
    'complete -c shoal -f',
    ...commands.flatMap(({ path, commands: below, options, argument }) => {
      const seen = path === '' ? [] : path.split(' ').map((name) => `__fish_seen_subcommand_from ${name}`);
      const notYet = below.length > 0 ? [`not __fish_seen_subcommand_from ${below.join(' ')}`] : [];
      const at = `complete -c shoal -n ${quote([...seen, ...notYet].join('; and ') || 'true')}`;
      const described = (name: string): string => quote(byPath.get(`${path} ${name}`.trim())?.description ?? '');
      return [
        ...below.map((name) => `${at} -a ${name} -d ${described(name)}`),
        ...(argument === undefined ? [] : [`${at} ${fishPlace(argument, quote)}`]),
        ...options.map(({ names, value, description }) => {
          const flags = names.map((name) => (name.startsWith('--') ? `-l ${name.slice(2)}` : `-s ${name.slice(1)}`)).join(' ');
          return `${at} ${flags}${value === undefined ? '' : ` -r ${fishPlace(value, quote)}`} -d ${quote(description)}`;
        }),
      ];
    }),
  ]);
}

function fishPlace(place: Place, quote: (text: string) => string): string {
  if (place.kind === 'choices') return `-a ${quote(place.choices.join(' '))}`;
  return { files: '-F', folders: "-a '(__fish_complete_directories)'", text: '-f' }[place.kind];
}

function lines(all: readonly string[]): string {
  return `${all.join('\n')}\n`;
}
