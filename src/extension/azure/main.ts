/** The bundle `azure.cjs`: all that knows Azure, loaded on the first look at it. */
export { openAzure } from './azureExplorer.ts';
