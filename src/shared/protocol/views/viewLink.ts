/**
 * A webview's page comes and goes while its panel lives (VS Code drops the page of a hidden tab). Each page
 * says first that it is there; the host answers with a new connection, so no message can meet a dead page.
 */
export interface ViewOpened {
  readonly kind: 'opened';
}
