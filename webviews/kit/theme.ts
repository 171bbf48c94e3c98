/** The colours of the user's theme, for what CSS does not reach (canvas). */

export interface ChartColors {
  readonly foreground: string;
  readonly muted: string;
  readonly grid: string;
  readonly training: string;
  readonly validation: string;
  readonly baseline: string;
  /** How much of its colour a faint line has, in percent. */
  readonly faintShare: number;
  /** Of small points, which lie on each other; from 0 to 1. */
  readonly pointOpacity: number;
  /** What went wrong. */
  readonly failure: string;
  /** For more lines than training and validation. */
  readonly palette: readonly string[];
}

export function readChartColors(): ChartColors {
  const style = getComputedStyle(document.documentElement);
  const color = (name: string, fallback: string) =>
    style.getPropertyValue(`--vscode-${name}`).trim() || fallback;
  const foreground = color('foreground', '#888888');
  const training = color('charts-blue', '#3794ff');
  const isHighContrast = document.body.classList.contains('vscode-high-contrast');
  return {
    foreground,
    training,
    muted: color('descriptionForeground', foreground),
    // Lines of VS Code's charts; high contrast themes have a strong one.
    grid: `color-mix(in srgb, ${color('charts-lines', foreground)} 22%, transparent)`,
    // Orange would be the natural pair of blue, but themes make it a faint highlight.
    validation: color('charts-yellow', '#cca700'),
    baseline: color('charts-foreground', foreground),
    faintShare: isHighContrast ? 65 : 38,
    pointOpacity: isHighContrast ? 1 : 0.6,
    failure: color('charts-red', '#f14c4c'),
    palette: ['blue', 'purple', 'green', 'red', 'yellow'].map((name) =>
      color(`charts-${name}`, foreground),
    ),
  };
}

/** Calls back when the user changes the theme: VS Code then changes the body's classes. */
export function onThemeChange(listener: () => void): void {
  const observer = new MutationObserver(listener);
  observer.observe(document.body, { attributes: true, attributeFilter: ['class'] });
}
