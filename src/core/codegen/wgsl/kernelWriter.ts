/**
 * The text of one kernel's body. Expressions get a name once: asking for the same expression again in its scope
 * gives the same name, so common terms are computed once.
 */
const isShort = /^(\w+|i32\(-?\d+\)|\(?-?[\d.]+(e[+-]?\d+)?f\)?)$/;

export class KernelWriter {
  readonly lines: string[] = [];
  private readonly scopes = [new Map<string, string>()];
  private count = 0;

  /** The name of an immutable value; names and literals stay what they are. */
  let(expression: string): string {
    if (isShort.test(expression)) return expression;
    const known = this.recall(expression);
    if (known !== null) return known;
    const name = this.fresh();
    this.line(`let ${name} = ${expression};`);
    this.remember(expression, name);
    return name;
  }

  /** The name of a variable that begins as `value`. */
  variable(value: string): string {
    const name = this.fresh();
    this.line(`var ${name} = ${value};`);
    return name;
  }

  line(text: string): void {
    this.lines.push('  '.repeat(this.scopes.length) + text);
  }

  /** `head { ... }`; what is named inside is not known outside. */
  block(head: string, body: () => void): void {
    this.line(`${head} {`);
    this.scopes.push(new Map());
    body();
    this.scopes.pop();
    this.line('}');
  }

  /** `turn` goes from `from` to below `to`, both u32 expressions. */
  loop(from: string, to: string, body: (turn: string) => void): void {
    const turn = this.fresh();
    this.block(`for (var ${turn} = ${from}; ${turn} < ${to}; ${turn}++)`, () => body(turn));
  }

  /** Notes under a key of the caller's what a value is called in this scope. */
  remember(key: string, name: string): void {
    this.scopes.at(-1)!.set(key, name);
  }

  recall(key: string): string | null {
    for (const scope of this.scopes.toReversed()) {
      const name = scope.get(key);
      if (name !== undefined) return name;
    }
    return null;
  }

  private fresh(): string {
    return `v${this.count++}`;
  }
}
