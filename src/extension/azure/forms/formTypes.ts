/** What forms are made of; `form.ts` says how to make one. */
export interface Form<Answers> {
  /** `Create Compute Cluster` */
  readonly title: string;
  readonly steps: readonly Step<Answers>[];
}

interface StepCommon<Answers> {
  /** `Which size?` */
  readonly question: string;
  /** Left out where this is false for what was answered so far. */
  readonly when?: (answers: Answers) => boolean;
  /** Ways to more, such as a page in the browser. */
  readonly links?: readonly Link[];
}

export interface Link {
  /** A codicon. */
  readonly icon: string;
  readonly tooltip: string;
  readonly open: () => unknown;
}

export interface PickStep<Answers> extends StepCommon<Answers> {
  readonly kind: 'pick';
  readonly choices: (
    answers: Answers,
  ) => readonly Choice<Answers>[] | Promise<readonly Choice<Answers>[]>;
  /** Several may be chosen; their answers are joined by this. */
  readonly join?: (chosen: readonly Choice<Answers>[], answers: Answers) => Partial<Answers>;
}

export interface Choice<Answers> {
  readonly label: string;
  readonly description?: string;
  /** A line below: a price, a warning. */
  readonly detail?: string;
  /** What choosing it answers. */
  readonly answers: Partial<Answers>;
  /** Begins as the active one; of several, as a chosen one. */
  readonly isDefault?: boolean;
  /** Ends the form: no further step is asked. */
  readonly ends?: boolean;
  /** Shown and not taken; `detail` says why. */
  readonly isRefused?: boolean;
}

export interface Note {
  /** Only an error keeps the user from going on. */
  readonly severity: 'error' | 'warning' | 'info';
  readonly text: string;
}

export interface TextStep<Answers> extends StepCommon<Answers> {
  readonly kind: 'text';
  /** What stands there at first. */
  readonly value?: (answers: Answers) => string;
  readonly placeholder?: string;
  /** A line below the box. */
  readonly prompt?: (answers: Answers) => string;
  readonly isSecret?: boolean;
  /** Of each text while it is typed, and once more before it is taken. */
  readonly check?: (text: string, answers: Answers) => Note | null | Promise<Note | null>;
  readonly take: (text: string, answers: Answers) => Partial<Answers> | Ending<Answers>;
}

/** Ends the form with these answers. */
export interface Ending<Answers> {
  readonly ends: true;
  readonly answers: Partial<Answers>;
}

export type Step<Answers> = PickStep<Answers> | TextStep<Answers>;

/** What a step came to: `said` stands there again when the user comes back to it. */
export type Outcome<Answers> =
  | 'back'
  | 'cancel'
  | { readonly answers: Partial<Answers>; readonly said: string; readonly ends: boolean };

/** Where a step is in its form, for what shows it. */
export interface Shown<Answers> {
  readonly title: string;
  readonly step: number;
  readonly totalSteps: number;
  readonly isFirst: boolean;
  readonly answers: Answers;
  /** What was said before the user came back. */
  readonly said: string | undefined;
}
