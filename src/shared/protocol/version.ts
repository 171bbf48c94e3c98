/** Raised with every change of a contract in this folder; both ends refuse another version. */
export const protocolVersion = 1;

/** Defined by the bundler in every bundle of one build: a hash of the sources. */
declare const trainbenchBuildId: string | undefined;

/** The id of code that runs unbundled, as in tests; it may talk to any build. */
export const sourceBuildId = 'source';

export interface EndVersion {
  readonly protocol: number;
  readonly build: string;
}

/** What this end says in its hello, and expects to hear. */
export const ownVersion: EndVersion = {
  protocol: protocolVersion,
  build: typeof trainbenchBuildId === 'string' ? trainbenchBuildId : sourceBuildId,
};

export function versionsMatch(a: EndVersion, b: EndVersion): boolean {
  const sameBuild = a.build === b.build || a.build === sourceBuildId || b.build === sourceBuildId;
  return a.protocol === b.protocol && sameBuild;
}
