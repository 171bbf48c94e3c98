/** Entry of the packed form: the bench beside its own Node, Dawn and Vulkan loader. */
import { runPacked } from './gpuBench.ts';

await runPacked(process.argv.slice(2));
