import assert from 'node:assert/strict';
import { programName } from '../../../src/cli/programName.ts';

describe('the name that the command line calls itself', () => {
  const ofScript = { npm_package_name: 'trainbench', npm_command: 'run-script' };

  it('is what brings it up again: in a terminal of VS Code, by npm, by itself', () => {
    const line = "'/my node' /ext/dist/cli.cjs";
    assert.equal(programName({ ...ofScript, TRAINBENCH_PROGRAM: line }), line);
    assert.equal(programName(ofScript), 'npm run --silent trainbench --');
    assert.equal(programName({ ...ofScript, npm_command: 'exec' }), 'trainbench');
    assert.equal(programName({}), 'trainbench');
  });
});
