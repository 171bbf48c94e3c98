/** Azure in the Compute view, against the rig: signing in, looking around, failures, and the demo. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { demoWorld } from '../../src/azureRig/demoWorld.ts';
import { forbidden, throttled } from '../../src/azureRig/faults.ts';
import { startRig } from '../../src/azureRig/rig.ts';
import type { Rig } from '../../src/azureRig/rig.ts';
import { Contract } from '../azure/contract.ts';
import * as workbench from '../vscode-host/workbench.ts';
import { untilKept, viewOfTab } from './reloadKit.ts';
import { poll, shoot, useWindow } from './uiKit.ts';

describe('Azure', () => {
  const contract = new Contract();
  let rig: Rig;
  let page: Page;

  const window = useWindow({
    async prepare({ host }) {
      rig = await startRig({ world: demoWorld(), pace: 0.2, onExchange: contract.check });
      // Where VS Code keeps settings of scope `machine` for the machine that extensions run on.
      const folder = path.join(host.root, 'ud', 'Machine');
      fs.mkdirSync(folder, { recursive: true });
      const settings = { 'trainbench.azure.endpoint': rig.endpoint };
      fs.writeFileSync(path.join(folder, 'settings.json'), JSON.stringify(settings));
    },
  });

  before(() => {
    ({ page } = window);
  });
  afterEach(() => rig.faults.clear());
  after(async () => {
    await rig.close();
    process.stdout.write(contract.report());
    assert.deepEqual(contract.counts.violations, []);
  });

  const row = (text: string | RegExp): Locator =>
    page.locator('.pane-body .monaco-list-row', { hasText: text }).first();

  const azure = /^\s*Azure\s*$/;
  const compute = /^\s*Compute\s*$/;

  /** A row that is closed has a twistie that says so. */
  async function expand(text: string | RegExp): Promise<void> {
    await workbench.until(`${String(text)} to be open`, async () => {
      if ((await row(text).getAttribute('aria-expanded')) === 'true') return true;
      await row(text).locator('.monaco-tl-twistie').click({ timeout: workbench.attemptMs });
      return false;
    });
  }

  it('waits below this machine and loads nothing before it is opened', async () => {
    await page.locator('.activitybar .action-label[aria-label*="Trainbench"]').first().click();
    await row('This machine').waitFor();
    await row(azure).waitFor();
    assert.deepEqual(rig.requests, []);
    // Rows that do not fit are not there for the test.
    await page.locator('.pane-header', { hasText: 'Runs' }).click();
    await row('This machine').locator('.monaco-tl-twistie').click();
    await row(/cpu/).waitFor({ state: 'detached' });
  });

  it('offers to sign in, and shows account, directory, subscription and workspace', async () => {
    await workbench.runCommand(page, 'Provide Test Accounts');
    await expand(azure);
    await row('Sign in to Azure').waitFor();
    await shoot(page, 'azure-sign-in-dark');
    await row('Sign in to Azure').click();
    await page.locator('.monaco-dialog-box .monaco-button', { hasText: 'Allow' }).click();
    await expand('ada@demo.example');
    await row('Demo Production').waitFor();
    await row(/Guest Directory.*sign in to see it/).waitFor();
    await expand('Demo Production');
    await row(/penguins.*demo-training · eastus/).waitFor();
  });

  it('shows computes with their states, nodes and prices', async () => {
    await expand(/penguins.*eastus/);
    await expand(compute);
    await expand('Compute instances');
    await expand('Compute clusters');
    await row(/ada-notebook.*running · \$0\.29 an hour · Standard_DS3_v2/).waitFor();
    await row(/grace-gpu.*stopped.*an hour when it runs/).waitFor();
    await row(/cpu-cluster.*3 of 4 nodes: 2 running, 1 idle · \$0\.87 an hour/).waitFor();
    await row(/no-quota.*failed/).waitFor();
    await shoot(page, 'azure-computes-dark');
  });

  it('shows the details of a compute', async () => {
    await workbench.chooseInMenu(page, row('cpu-cluster'), 'Show Compute Details');
    const preview = workbench.webview(page);
    await preview.locator('h1', { hasText: 'cpu-cluster' }).waitFor();
    await preview.locator('td', { hasText: 'demo-job-2' }).waitFor();
    await shoot(page, 'azure-details-dark');
  });

  it('stops an instance, and shows that on its node', async () => {
    await workbench.chooseInMenu(page, row('ada-notebook'), 'Stop Compute Instance');
    await page.locator('.monaco-dialog-box .monaco-button', { hasText: 'Stop' }).click();
    await row(/ada-notebook.*stopped/).waitFor();
    assert.ok(rig.requests.some((request) => request.endsWith('/ada-notebook/stop')));
  });

  it('waits where Azure asks for it, and lets the user give up', async () => {
    rig.faults.add({ at: /GET .*\/computes$/, answer: throttled(600) });
    await refresh(compute);
    const toast = page.locator('.notification-toast', { hasText: 'asks for 600 s of patience' });
    await toast.waitFor();
    await shoot(page, 'azure-throttled-dark');
    await toast.locator('.monaco-button', { hasText: 'Cancel' }).click();
    await row('Cancelled. Refresh to try again.').waitFor();
    rig.faults.clear();
    await refresh(compute);
    await row(/Compute clusters.*4/).waitFor();
  });

  it('says what is wrong and who can help, in place of what it cannot show', async () => {
    rig.faults.add({ at: /GET .*\/computes$/, answer: forbidden('/subscriptions/x') });
    await refresh(compute);
    await row(/You may not do this with penguins \(AuthorizationFailed\)/).waitFor();
    await shoot(page, 'azure-forbidden-dark');
    rig.faults.clear();
    await refresh(compute);
    await row(/Compute clusters.*4/).waitFor();
  });

  it('loads long lists page by page', async () => {
    await row('Demo Production').locator('.monaco-tl-twistie').click(); // makes room
    await row(/penguins/).waitFor({ state: 'detached' });
    await expand('Demo Research');
    await expand(/vision/);
    await expand(compute);
    await row('Load more (100 so far)').click();
    await row('Load more (200 so far)').click();
    await poll(async () => (await row('Load more').count()) === 0);
    await row(/Compute instances.*250/).waitFor();
  });

  it('opens a made-up cloud for those without an account', async () => {
    await workbench.runCommand(page, 'Open Demo Cloud');
    await row('Demo Cloud (made up)').waitFor();
  });

  it('still shows the details of a compute after a reload', async () => {
    await untilKept(page, 'cpu-cluster.md');
    await page.reload();
    const preview = await viewOfTab(page, 'Preview cpu-cluster.md', 'h1');
    await preview.locator('td', { hasText: 'demo-job-2' }).waitFor();
  });

  async function refresh(text: RegExp): Promise<void> {
    await row(text).hover();
    await row(text).locator('.action-label[aria-label*="Refresh Compute"]').first().click();
  }
});
