/**
 * What every view shares with the host. A webview's page comes and goes while its panel lives (VS Code drops the page
 * of a hidden tab). Each page says first that it is there; the host answers with a new connection, so no message can
 * meet a dead page. Then the page asks for all that it shows, and hears when that is replaced or parts of it change.
 */
import type { NoArgs } from '../contract.ts';

export interface ViewOpened {
  readonly kind: 'opened';
}

/** Null until something was asked for, as after a reload. */
export type ViewRequests<State> = {
  'view/ready': { args: NoArgs; result: State | null };
};

/** @typeParam Moving what of the state changes while the same thing is on show. */
export type ViewEvents<State, Moving extends keyof State = never> = {
  /** Something else is on show: replaces everything. */
  'view/reset': State;
  'view/changed': Pick<State, Moving>;
};

/** The least that a view's contract has. */
export interface ViewContract {
  readonly requests: ViewRequests<unknown>;
  readonly events: ViewEvents<unknown>;
}
