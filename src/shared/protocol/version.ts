/** Raised with every change of a contract in this folder; both ends refuse another version. */
export const protocolVersion = 4;

/** Defined by the bundler in every bundle of one build: a hash of the sources. */
declare const trainbenchBuildId: string | undefined;

/** Defined by the bundler: the version in package.json. */
declare const trainbenchRelease: string | undefined;

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

/** "0.1.0 (3f2a...)" for people and run records. */
export const ownRelease =
  typeof trainbenchRelease === 'string'
    ? `${trainbenchRelease} (${ownVersion.build})`
    : sourceBuildId;

export function versionsMatch(a: EndVersion, b: EndVersion): boolean {
  const sameBuild = a.build === b.build || a.build === sourceBuildId || b.build === sourceBuildId;
  return a.protocol === b.protocol && sameBuild;
}
