/**
 * `npm start`: from a fresh checkout to a trained model and its prediction. Sets up what is missing, builds,
 * trains the penguins sample (which ends with a prediction for the new penguin of the lab), says how to go on.
 * Plain JavaScript, because it runs before anything is installed.
 */
import path from 'node:path';
import { installPackages, root, run } from './setup.mjs';

const sample = path.join('samples', 'penguins', 'penguins.train.yaml');

installPackages();
run(process.execPath, ['--import', 'tsx', path.join('src', 'build', 'esbuild.ts')]);
process.stdout.write(`\nTraining ${sample}\n\n`);
run(process.execPath, [path.join('dist', 'cli.cjs'), 'train', sample]);
process.stdout.write(`
In VS Code:
  desktop   code ${quote(path.resolve(root))}   then F5, and right-click on ${sample} > Train This Config
  browser   npm run code   opens VS Code with the extension and the samples, without a desktop
  package   npm run package   makes a .vsix to install anywhere
`);

function quote(folder) {
  return /^[\w./:\\-]+$/.test(folder) ? folder : `"${folder}"`;
}
