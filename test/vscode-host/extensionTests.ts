/** Runs a test entry (exporting `run()`) inside the extension host, as @vscode/test-electron does on a desktop. */
import path from 'node:path';
import { format } from 'node:util';
import type { Browser, Page } from 'playwright-core';
import type { Host } from './host.ts';
import { openWorkbench } from './workbench.ts';

export interface ExtensionTestRun {
  readonly folder: string;
  readonly extensionDevelopmentPath: string;
  readonly extensionTestsPath: string;
  readonly timeoutMs: number;
  /** The console of the extension host, line by line. */
  readonly onLog: (text: string) => void;
}

export interface ExtensionTestEnd {
  /** What VS Code says: 0 passed, 1 failed; `timeout` and `crash` are ours. */
  readonly code: number | 'timeout' | 'crash';
  readonly page: Page;
}

export async function runExtensionTests(
  browser: Browser,
  host: Host,
  run: ExtensionTestRun,
): Promise<ExtensionTestEnd> {
  const remote = (file: string) => `vscode-remote://${host.authority}${path.resolve(file)}`;
  let end: (code: ExtensionTestEnd['code']) => void = () => undefined;
  const ended = new Promise<ExtensionTestEnd['code']>((resolve) => (end = resolve));
  const page = await openWorkbench(browser, host, run.folder, {
    waitForExplorer: false,
    payload: [
      ['extensionDevelopmentPath', remote(run.extensionDevelopmentPath)],
      ['extensionTestsPath', remote(run.extensionTestsPath)],
    ],
    // VS Code calls these two by name, as @vscode/test-web has them.
    beforeLoad: async (p) => {
      await p.exposeFunction('codeAutomationLog', (_type: string, args: unknown) => {
        run.onLog(format(...(Array.isArray(args) ? (args as unknown[]) : [args])));
      });
      await p.exposeFunction('codeAutomationExit', (code: number) => end(code));
      p.on('crash', () => end('crash'));
    },
  });
  const timer = setTimeout(() => end('timeout'), run.timeoutMs);
  const code = await ended;
  clearTimeout(timer);
  return { code, page };
}
