/** Azure in the Compute view, against the rig: signing in, looking around, failures, and the demo. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { forbidden, throttled } from '../../src/azureRig/faults.ts';
import type { Rig } from '../../src/azureRig/rig.ts';
import * as workbench from '../vscode-host/workbench.ts';
import { expandRow, makeRoomForAzure, treeRow, useAzureWindow } from './azureKit.ts';
import { untilKept, viewOfTab } from './reloadKit.ts';
import { chooseForFile, poll, shoot } from './uiKit.ts';

describe('Azure', () => {
  /** Where the rig's time stands still, so that nothing in it comes to an end. */
  let stopped: number | null = null;
  let rig: Rig;
  let page: Page;

  const window = useAzureWindow({
    prepare({ folder }) {
      const compute = (name: string, size: string) =>
        `type: amlcompute\nname: ${name}\nsize: ${size}\n`;
      const write = (name: string, text: string) => fs.writeFileSync(path.join(folder, name), text);
      write('large.compute.yml', compute('large-one', 'Standard_ND40rs_v2'));
      write('slow.compute.yml', compute('slow-one', 'Standard_DS3_v2'));
      return { clock: { now: () => stopped ?? Date.now() } };
    },
  });

  before(() => {
    ({ page, rig } = window);
  });
  afterEach(() => rig.faults.clear());

  const row = (text: string | RegExp): Locator => treeRow(page, text);
  const expand = (text: string | RegExp) => expandRow(page, text);

  const azure = /^\s*Azure\s*$/;
  const compute = /^\s*Compute\s*$/;

  it('waits below this machine and loads nothing before it is opened', async () => {
    await view('Trainbench');
    await row('This machine').waitFor();
    await row(azure).waitFor();
    assert.deepEqual(rig.requests, []);
    await makeRoomForAzure(page);
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

  it('starts an instance, and says before what that costs', async () => {
    await workbench.chooseInMenu(page, row('grace-gpu'), 'Start Compute Instance');
    const dialog = page.locator('.monaco-dialog-box', {
      hasText: /It bills \$0\.53 an hour until/,
    });
    await dialog.waitFor();
    await shoot(page, 'azure-start-dark');
    await dialog.locator('.monaco-button', { hasText: 'Start' }).click();
    await row(/grace-gpu.*running · \$0\.53 an hour/).waitFor();
    assert.ok(rig.requests.some((request) => request.endsWith('/grace-gpu/start')));
  });

  it('creates a cluster by form, with what it costs said at each choice', async () => {
    await workbench.chooseInMenu(page, row('Compute clusters'), 'Create Compute Cluster…');
    await answer(1, 'cpu-cluster', { note: /cpu-cluster exists already/, enter: false });
    await answer(1, 'form-cluster');
    await workbench.pick(page, 'Low priority');
    await stepIs(3);
    await shoot(page, 'azure-form-purpose-dark');
    await goBack();
    await stepIs(2);
    await workbench.pick(page, 'Dedicated');
    await workbench.pick(page, 'CPU, general purpose');
    await workbench.pick(page, /Standard_DS3_v2.*4 vCPUs · 14 GB · \$0\.29 an hour.*Quota left/);
    await answer(5, '2', { note: /bill without pause.*\$0\.58 an hour/, enter: false });
    await shoot(page, 'azure-form-nodes-dark');
    await answer(5, '0');
    await answer(6, '101', { note: /cannot talk to each other/, enter: false });
    await answer(6, '2');
    await answer(7, '120');
    await stepIs(8);
    await shoot(page, 'azure-form-end-dark');
    await workbench.pick(page, /Create form-cluster.*At most \$0\.58 an hour/);
    await row(/form-cluster.*0 of 2 nodes/).waitFor();
    assert.ok(rig.requests.some((request) => /^PUT .*\/form-cluster$/.test(request)));
  });

  it('resizes a cluster to zero, and shows it as YAML', async () => {
    await workbench.chooseInMenu(page, row(/form-cluster/), 'Resize to Zero');
    await page.locator('.monaco-dialog-box .monaco-button', { hasText: 'Resize to Zero' }).click();
    await row(/form-cluster.*0 of 0 nodes/).waitFor();
    await workbench.chooseInMenu(page, row(/form-cluster/), 'Show as YAML');
    const line = page.locator('.monaco-editor .view-line');
    await line.filter({ hasText: 'type: amlcompute' }).waitFor();
    await line.filter({ hasText: 'max_instances: 0' }).waitFor();
  });

  it('deletes a cluster only when its name is typed', async () => {
    const deletes = () =>
      rig.requests.filter((request) => /^DELETE .*\/form-cluster$/.test(request)).length;
    for (const name of ['form', 'form-cluster']) {
      assert.equal(deletes(), 0);
      await workbench.chooseInMenu(page, row(/form-cluster/), 'Delete Compute');
      await quickInput()
        .filter({ hasText: 'Delete form-cluster and all that is on it?' })
        .waitFor();
      if (name === 'form') await shoot(page, 'azure-delete-dark');
      await quickInput().locator('.quick-input-box input').first().fill(name);
      await page.keyboard.press('Enter');
      await quickInput().waitFor({ state: 'hidden' });
    }
    await row(/form-cluster/).waitFor({ state: 'detached' });
    assert.equal(deletes(), 1);
  });

  it('creates what a YAML file describes; where the quota is short, another region is a click away', async () => {
    await view('Explorer');
    await chooseForFile(page, 'large.compute.yml', 'Create Compute From This YAML');
    await workbench.pick(page, /penguins/);
    await page.locator('.monaco-dialog-box .monaco-button', { hasText: 'Create' }).click();
    const toast = page.locator('.notification-toast', { hasText: 'ClusterCoreQuotaReached' });
    await toast.waitFor();
    await shoot(page, 'azure-quota-dark');
    await toast.locator('.monaco-button', { hasText: 'Take East US 2' }).click();
    await view('Trainbench');
    await row(/large-one.*Standard_ND40rs_v2/).waitFor();
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
    await row(/Compute clusters.*5/).waitFor();
  });

  it('says what is wrong and who can help, in place of what it cannot show', async () => {
    rig.faults.add({ at: /GET .*\/computes$/, answer: forbidden('/subscriptions/x') });
    await refresh(compute);
    await row(/You may not do this with penguins \(AuthorizationFailed\)/).waitFor();
    await shoot(page, 'azure-forbidden-dark');
    rig.faults.clear();
    await refresh(compute);
    await row(/Compute clusters.*5/).waitFor();
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

  it('goes on with a creation after a reload, and still shows the details of a compute', async () => {
    stopped = Date.now();
    await view('Explorer');
    await chooseForFile(page, 'slow.compute.yml', 'Create Compute From This YAML');
    // The demo has a workspace of that name too: the list says whose each is.
    await workbench.pick(page, /penguins[^]*ada@demo\.example \/ Demo Production/);
    await page.locator('.monaco-dialog-box .monaco-button', { hasText: 'Create' }).click();
    await view('Trainbench');
    const polls = () =>
      rig.requests.filter((one) => one.includes('computeOperationsStatus')).length;
    const first = polls();
    await workbench.until('the operation to be followed', () => Promise.resolve(polls() > first));
    await untilKept(page, 'cpu-cluster.md');
    await page.reload();
    const preview = await viewOfTab(page, 'Preview cpu-cluster.md', 'h1');
    await preview.locator('td', { hasText: 'demo-job-2' }).waitFor();
    await workbench.runCommand(page, 'Provide Test Accounts');
    await view('Trainbench');
    await expand(azure);
    await expand('ada@demo.example');
    await expand('Demo Production');
    await expand(/penguins.*eastus/);
    await expand(compute);
    await expand('Compute clusters');
    await row(/slow-one.*creating…/).waitFor();
    await shoot(page, 'azure-resumed-dark');
    stopped += 3_600_000;
    await row(/slow-one.*0 of 1 nodes/).waitFor();
    assert.equal(detailsFiles().length, 1);
    await workbench.closeTab(page, 'Preview cpu-cluster.md');
    await poll(() => detailsFiles().length === 0);
  });

  /** They hold addresses and names, so they go with their tabs. */
  function detailsFiles(): readonly string[] {
    const stored = path.join(window.ui.host.root, 'ud', 'User', 'workspaceStorage');
    return fs
      .readdirSync(stored, { recursive: true })
      .map(String)
      .filter((name) => name.endsWith('cpu-cluster.md'));
  }

  async function view(name: 'Explorer' | 'Trainbench'): Promise<void> {
    const action = page
      .locator(`.activitybar .action-item:has(.action-label[aria-label*="${name}"])`)
      .first();
    await workbench.until(`the view ${name} to be shown`, async () => {
      if ((await action.getAttribute('class'))?.includes('checked') === true) return true;
      await action.click({ timeout: workbench.attemptMs });
      return false;
    });
  }

  const quickInput = () => page.locator('.quick-input-widget');

  /** The form says which step it is at: `Create Compute Cluster (5/8)`. */
  async function stepIs(step: number): Promise<void> {
    await quickInput()
      .locator('.quick-input-title', { hasText: `(${step}/` })
      .waitFor();
  }

  interface Typed {
    /** What the box says of the text. */
    readonly note?: RegExp;
    readonly enter?: boolean;
  }

  async function answer(
    step: number,
    text: string,
    { enter = true, note }: Typed = {},
  ): Promise<void> {
    await stepIs(step);
    const box = quickInput().locator('.quick-input-box input').first();
    await box.fill(text);
    if (note !== undefined) await quickInput().filter({ hasText: note }).waitFor();
    if (enter) await box.press('Enter');
  }

  async function goBack(): Promise<void> {
    await quickInput().locator('.quick-input-titlebar [aria-label^="Back"]').click();
  }

  async function refresh(text: RegExp): Promise<void> {
    await row(text).hover();
    await row(text).locator('.action-label[aria-label*="Refresh Compute"]').first().click();
  }
});
