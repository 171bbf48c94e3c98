/** Runs a TypeScript script of ours on a checkout that may be bare: withPackages.mjs SCRIPT [ARGUMENTS]. */
import { installPackages, run } from './setup.mjs';

installPackages();
run(process.execPath, ['--import', 'tsx', ...process.argv.slice(2)]);
