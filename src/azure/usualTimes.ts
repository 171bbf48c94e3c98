/**
 * How long operations of the service usually take, for people who wait. Round numbers of Azure's tutorials and of experience:
 * they say whether to wait or to have a coffee, and nothing depends on them.
 * @see https://learn.microsoft.com/azure/machine-learning/tutorial-create-secure-workspace
 */

/** By the end of the resource's type and the verb; seconds. */
const usual: readonly (readonly [type: RegExp, seconds: Readonly<Record<string, number>>])[] = [
  [
    /\/computes\/[^/]+$/i,
    {
      ...{ create: 300, update: 120, resize: 120, start: 180, stop: 120, restart: 240 },
      ...{ delete: 180, detach: 60 },
    },
  ],
  [/\/workspaces\/[^/]+$/i, { create: 180, delete: 120 }],
  [/\/storageAccounts\/[^/]+$/i, { create: 30 }],
  [/\/resourcegroups\/[^/]+$/i, { delete: 300 }],
];

/** @param path of the resource. @returns null for what is over at once, or for what nobody knows. */
export function usualSeconds(path: string, verb: string): number | null {
  return usual.find(([type]) => type.test(path))?.[1][verb] ?? null;
}
