/**
 * `npm run azure:rig`: the played cloud on a port of this machine, for trying the extension by hand.
 *
 *   TRAINBENCH_RIG_PORT       the port, 8766 by default
 *   TRAINBENCH_RIG_COMPUTES   so many computes more in the workspace `vision`
 */
import { addMany, demoWorld } from './demoWorld.ts';
import { startRig } from './rig.ts';

const world = demoWorld();
const vision = world.workspaces.find(({ name }) => name === 'vision');
const many = Number(process.env['TRAINBENCH_RIG_COMPUTES'] ?? 0);
if (vision !== undefined && many > 0) addMany(vision, many, Date.now());
const port = Number(process.env['TRAINBENCH_RIG_PORT'] ?? 8766);
const { endpoint } = await startRig({ world, port });
process.stdout.write(
  `Azure's resource manager, played: ${endpoint}\n` +
    `Set "trainbench.azure.endpoint": "${endpoint}" in the user settings of VS Code. Ctrl+C ends it.\n`,
);
