/** The views in editor tabs, once; a test compares them with the activation events of package.json. */

/** Each has its bundle in dist/webviews. */
export const viewNames = [
  'evaluate',
  'explain',
  'lookAtData',
  'lossPlot',
  'predict',
  'profile',
  'weights',
] as const;
export type ViewName = (typeof viewNames)[number];

/** What VS Code calls its tabs. */
export function viewType(view: ViewName): string {
  return `trainbench.${view}`;
}
