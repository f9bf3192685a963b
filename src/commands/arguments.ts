// The command line: what a command takes, what was given, and the usage that is printed. Knows no command.

/** Of a command: `--config FILE`, or a flag such as `--dry-run`. */
export interface Option {
  readonly name: string;
  /** What follows it, such as "FILE"; undefined: nothing. */
  readonly value?: string;
  readonly meaning: string;
}

export interface Syntax {
  readonly command: string;
  /** What it does, in one sentence. */
  readonly purpose: string;
  /** Words that must follow, such as "EVENTS". */
  readonly operands: readonly string[];
  /** A word that may follow once, such as "FILE". */
  readonly optional?: string;
  /** A word that may follow any number of times, such as "KEY". */
  readonly repeated?: string;
  readonly options: readonly Option[];
}

export interface Arguments {
  /** The value of an option that was given; a flag's is empty. */
  readonly value: (this: void, option: string) => string | undefined;
  readonly has: (this: void, option: string) => boolean;
  readonly operands: readonly string[];
}

function optionOf(syntax: Syntax, name: string): Option | undefined {
  for (const option of syntax.options) if (option.name === name) return option;
  return undefined;
}

/** Reads the words after the command. Gives what is wrong with them as a text. */
export function readArguments(syntax: Syntax, words: readonly string[]): Arguments | string {
  const values = new LuaTable<string, string | undefined>();
  const operands: string[] = [];
  let position = 0;
  while (position < words.length) {
    const word = words[position] ?? "";
    position = position + 1;
    if (string.sub(word, 1, 1) !== "-" || word === "-") {
      operands.push(word);
    } else {
      // Both --name VALUE and --name=VALUE.
      const [name, attached] = string.match(word, "^(%-%-[%w%-]+)=(.*)$");
      const option = optionOf(syntax, name ?? word);
      if (option === undefined) return `${name ?? word} is unknown`;
      if (option.value === undefined) {
        if (attached !== undefined) return `${option.name} takes no value`;
        values.set(option.name, "");
      } else {
        const value = attached ?? words[position];
        if (value === undefined) return `${option.name} needs a value: ${option.name} ${option.value}`;
        if (attached === undefined) position = position + 1;
        values.set(option.name, value);
      }
    }
  }
  const most = syntax.operands.length + (syntax.optional === undefined ? 0 : 1);
  if (operands.length > most && syntax.repeated === undefined)
    return `"${operands[most] ?? ""}" is one word too many`;
  if (operands.length < syntax.operands.length) return `${syntax.operands[operands.length] ?? ""} is missing`;
  return {
    value: (option) => values.get(option),
    has: (option) => values.get(option) !== undefined,
    operands,
  };
}

/** Column at which the meanings begin. */
const MEANING_COLUMN = 26;

/** The usage of one command. */
export function usageOf({ command, purpose, operands, optional, repeated, options }: Syntax): string {
  const words = [`centreon-pagerduty ${command}`];
  for (const operand of operands) words.push(operand);
  if (optional !== undefined) words.push(`[${optional}]`);
  if (repeated !== undefined) words.push(`[${repeated} ...]`);
  const lines = [`usage: ${table.concat(words, " ")} [options]`, "", `  ${purpose}`, "", "options:"];
  for (const { name, value, meaning } of options) {
    const left = value === undefined ? name : `${name} ${value}`;
    const gap = string.rep(" ", math.max(1, MEANING_COLUMN - left.length));
    lines.push(`  ${left}${gap}${meaning}`);
  }
  return table.concat(lines, "\n");
}

/** A whole number that an option gives, or `fallback`; undefined when it is none. */
export function numberOf(given: Arguments, option: string, fallback: number): number | undefined {
  const text = given.value(option);
  if (text === undefined) return fallback;
  const value = tonumber(text);
  return value !== undefined && value >= 0 && math.floor(value) === value ? value : undefined;
}
