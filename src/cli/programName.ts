/** How the user calls us again: as whoever started us says, or through the npm script when that is how we were called. */
export function programName(environment: NodeJS.ProcessEnv): string {
  const named = environment['TRAINBENCH_PROGRAM'];
  if (named !== undefined) return named;
  const { npm_command: npmCommand, npm_package_name: npmPackage } = environment;
  const byScript = npmPackage === 'trainbench' && npmCommand !== undefined && npmCommand !== 'exec';
  return byScript ? 'npm run --silent trainbench --' : 'trainbench';
}
