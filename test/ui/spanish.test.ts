/** VS Code in Spanish, from the first click to a prediction: what the extension, its views and its core say. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import type { FrameLocator, Locator, Page } from 'playwright-core';
import * as workbench from '../vscode-host/workbench.ts';
import { hoverAt, readoutValues, untilChart } from './plotKit.ts';
import { viewOfTab } from './reloadKit.ts';
import {
  chooseForFile,
  plot,
  shoot,
  showHover,
  statusItem,
  trainFromMenu,
  untilPlotState,
  useWindow,
} from './uiKit.ts';

const trainTitle = 'Entrenar esta configuración';

describe('In Spanish', () => {
  const window = useWindow({
    locale: 'es',
    prepare({ folder }) {
      fs.copyFileSync(path.join(folder, 'penguins.csv'), path.join(folder, 'aves.csv'));
      fs.writeFileSync(path.join(folder, 'json.train.json'), '{ "training": { "epochs": 3 } }\n');
    },
  });
  let page: Page;

  before(() => {
    ({ page } = window);
  });

  const view = () => workbench.webview(page);
  const treeRow = (text: string | RegExp): Locator =>
    page.locator('.pane-body .monaco-list-row', { hasText: text }).first();
  const toast = (text: string | RegExp): Locator =>
    page.locator('.notification-toast', { hasText: text });
  const showPane = (name: string) =>
    page.locator(`.activitybar .action-label[aria-label*="${name}"]`).first().click();

  it('welcomes, and says what can train here and why something cannot', async () => {
    await showPane('Trainbench');
    await page.locator('.welcome-view', { hasText: 'Aquí todavía no hay ejecuciones' }).waitFor();
    await treeRow('Este equipo').waitFor();
    await showHover(window, treeRow(/webgpu/), /WebGPU|GPU por software|búferes/);
    await shoot(page, 'spanish-welcome-dark');
    await showPane('Explorer');
  });

  it('trains from the menu and says how it went', async () => {
    await trainFromMenu(page, 'penguins.train.yaml', trainTitle);
    await untilPlotState(page, 'completed');
    await page.locator('.tab', { hasText: 'Pérdida: penguins' }).waitFor();
    await statusItem(page)
      .filter({ hasText: /pérdida 0,\d+, pérdida de validación 0,\d+/ })
      .waitFor();
    assert.match(
      await view().locator('#verdict').innerText(),
      /^\d+ de \d+ aciertos; respondiendo siempre la clase más frecuente: \d+$/,
    );
    assert.match(
      await view().locator('#announcement').innerText(),
      /Época 100 de 100: pérdida de entrenamiento 0,\d+/,
    );
    assertNoEnglish(await plot(page).innerText());
    await shoot(page, 'spanish-plot-dark');
  });

  it('lists the run with its parts', async () => {
    await showPane('Trainbench');
    const run = treeRow(/penguins.*% de aciertos \(conjetura: /);
    await run.locator('.monaco-tl-twistie').click();
    for (const part of ['Métricas', 'Puntos de control', 'Archivos']) {
      await treeRow(part).locator('.monaco-tl-twistie').click();
    }
    await treeRow(/Último, paso 4800/).waitFor();
    await shoot(page, 'spanish-runs-dark');
    const menu = await workbench.openMenu(page, run, 'Evaluar una ejecución');
    const labels = await workbench.menuLabels(menu);
    for (const label of ['Evaluar una ejecución…', 'Predecir CSV…', 'Eliminar una ejecución…']) {
      assert.ok(labels.includes(label), labels.join('; '));
    }
    await shoot(page, 'spanish-run-menu-dark');
    await workbench.closeMenu(page);
    await showPane('Explorer');
  });

  it('evaluates', async () => {
    await showPane('Trainbench');
    const run = treeRow(/penguins.*% de aciertos \(conjetura: /);
    await workbench.chooseInMenu(page, run, 'Evaluar una ejecución');
    const selector = '#view[data-ready="true"] #verdict';
    const evaluation = await viewOfTab(page, 'Evaluación: penguins', selector);
    assertNoEnglish(await evaluation.locator('#body').innerText());
    await shoot(page, 'spanish-evaluate-dark');
    await workbench.closeTab(page, 'Evaluación: penguins');
    await showPane('Explorer');
  });

  it('predicts, and says of a field what is wrong', async () => {
    await page.locator('.editor-actions .action-label[aria-label^="Predecir con"]').click();
    const form = await answered();
    assert.equal(await form.locator('h1').innerText(), 'Predecir Species con penguins');
    await form.getByLabel('BodyMass').fill('diez');
    await form.getByText('no es un número').waitFor();
    await shoot(page, 'spanish-predict-dark');
    await form.getByLabel('BodyMass').fill('9000');
    await form.getByText('más allá, la respuesta es una conjetura').waitFor();
    assertNoEnglish(await form.locator('body').innerText());
    await workbench.closeTab(page, 'Predecir: penguins');
  });

  it('shows the weights', async () => {
    await page.locator('.tab', { hasText: 'Pérdida: penguins' }).click();
    await page.locator('.editor-actions .action-label[aria-label^="Mostrar los pesos"]').click();
    await page.locator('.tab', { hasText: 'Pesos: penguins' }).waitFor();
    const weights = view();
    await weights.locator('section[data-step]').first().waitFor();
    assertNoEnglish(await weights.locator('body').innerText());
    await shoot(page, 'spanish-weights-dark');
    await workbench.closeTab(page, 'Pesos: penguins');
  });

  it('explains a training step', async () => {
    await page.locator('.tab', { hasText: 'Pérdida: penguins' }).click();
    await page.locator('.editor-actions .action-label[aria-label^="Explicar este paso"]').click();
    await page.locator('.tab', { hasText: 'Paso: penguins' }).waitFor();
    const step = view();
    await step.getByText('1. El lote').waitFor();
    await step.getByText('6. ¿Ha servido?').waitFor();
    assertNoEnglish(await step.locator('body').innerText());
    await shoot(page, 'spanish-step-dark');
    await workbench.closeTab(page, 'Paso: penguins');
  });

  it('describes the keys of a config in the editor', async () => {
    await workbench.explorerRow(page, 'json.train.json').dblclick();
    await page.locator('.view-line').getByText('"epochs"').hover();
    const hover = page.locator('.monaco-hover', { hasText: 'Pasadas por las filas' });
    await hover.waitFor();
    await shoot(page, 'spanish-schema-dark');
    await workbench.closeTab(page, 'json.train.json');
  });

  it('points to the line that is wrong in a bad config', async () => {
    await chooseForFile(page, 'bad.train.yaml', 'Mostrar los problemas de esta configuración');
    await page.locator('.tab.active', { hasText: 'bad.train.yaml' }).waitFor();
    const problem = page.locator('.markers-panel .monaco-list-row', { hasText: 'batch_sise' });
    await problem.filter({ hasText: 'clave desconocida `batch_sise` en `training`' }).waitFor();
    await problem.filter({ hasText: '¿querías decir `batch_size`?' }).waitFor();
    await shoot(page, 'spanish-problems-dark');
  });

  it('proposes a config with its reasons', async () => {
    await chooseForFile(page, 'aves.csv', 'Entrenar con estos datos');
    const targets = page.locator('.quick-input-list .monaco-list-row');
    await targets.filter({ hasText: 'la más probable' }).click();
    await page.locator('.tab', { hasText: 'aves.train.yaml' }).waitFor();
    await toast('dice cómo entrenar con tus datos').waitFor();
    const text = fs.readFileSync(path.join(window.ui.folder, 'aves.train.yaml'), 'utf8');
    assert.match(
      text,
      /^# Propuesto por Trainbench a partir de aves\.csv: 344 filas, 6 columnas\.$/m,
    );
    for (const [, comment] of text.matchAll(/# (.*)$/gm)) assertNoEnglish(comment!);
    await shoot(page, 'spanish-proposal-dark');
  });

  it('profiles a config', async () => {
    await chooseForFile(page, 'penguins.train.yaml', 'Mostrar el perfil');
    const profile = await viewOfTab(page, 'Perfil: penguins', '#view[data-state="measured"]');
    const text = await profile.locator('#view').innerText();
    assert.match(text, /En qué se va un paso de penguins/);
    assert.match(text, /hacia delante/);
    assert.doesNotMatch(text, /\b(step|share|layer|pass|forward|weight|update|kernels timed)\b/i);
    await shoot(page, 'profile-spanish-dark');
  });

  it('shows the data, their numbers too', async () => {
    await chooseForFile(page, 'penguins.train.yaml', 'Examinar los datos');
    const data = await viewOfTab(page, 'Datos: penguins.train.yaml', '#view[data-state="shown"]');
    await data.locator('.good', { hasText: 'ninguna fila tiene entradas' }).waitFor();
    assert.match(await data.locator('#panel-split').innerText(), /Responder siempre Adelie/);
    await shoot(page, 'look-split-spanish');
    await data.getByRole('tab', { name: 'Antes y después' }).click();
    const flipper = data.locator('.feature', { hasText: 'FlipperLength' });
    assert.match(await flipper.innerText(), /por 0,1/);
    await data.getByRole('tab', { name: 'Columnas' }).click();
    await data.locator('.column dd', { hasText: '43,9219' }).waitFor();
    await shoot(page, 'look-columns-spanish');
  });

  it('names the parts of a plot', async () => {
    await workbench.runCommand(page, 'View: Close All Editors');
    await showPane('Trainbench');
    await treeRow(/penguins.*% de aciertos/).click();
    await untilChart(page, 'loss', ({ lines }) => lines === '3');
    await view().locator('#rate').check();
    await untilChart(page, 'metric-learning_rate', ({ lines }) => lines === '1');
    assert.equal(await view().locator('label[for="rate"]').innerText(), 'Tasa de aprendizaje');
    await view().locator('#smoothing').fill('0.8');
    await hoverAt(page, 'loss', 0.5, 0.4);
    await readoutValues(page, 'loss');
    await shoot(page, 'plot-spanish-dark');
    await view().locator('#showTable').click();
    await view().locator('#epochs vscode-data-grid-row').first().waitFor();
    await view().locator('#table').scrollIntoViewIfNeeded();
    await shoot(page, 'plot-grid-spanish-dark');
  });

  it('opens the demo of Azure, and asks for a cluster', async () => {
    await workbench.runCommand(page, 'Abrir la nube de demostración');
    const open = (text: string | RegExp) => treeRow(text).locator('.monaco-tl-twistie').click();
    for (const text of ['Demo Production', /penguins.*eastus/, /^\s*Cómputo\s*$/]) await open(text);
    await page.locator('.pane-header', { hasText: 'Ejecuciones' }).click();
    await open('Clústeres de cómputo');
    await treeRow(/cpu-cluster.*3 de 4 nodos: 2 en marcha, 1 sin trabajo · .*por hora/).waitFor();
    await shoot(page, 'spanish-azure-dark');
    await workbench.chooseInMenu(
      page,
      treeRow('Clústeres de cómputo'),
      'Crear un clúster de cómputo',
    );
    const form = page.locator('.quick-input-widget', { hasText: '(1/' });
    await form.locator('.quick-input-box input').first().fill('cpu-1');
    await form.getByText(/guion y (cifras|dígitos)/).waitFor();
    assertNoEnglish(await form.innerText());
    await shoot(page, 'spanish-azure-form-dark');
    await page.keyboard.press('Escape');
  });

  async function answered(): Promise<FrameLocator> {
    const form = view();
    await form.locator('#answer').filter({ hasText: /\S/ }).waitFor();
    return form;
  }
});

/** Words of English sentences that no Spanish one has, and no name in the sample either. */
const english =
  /\b(the|of|and|with|loss|rows?|steps?|right|weights|training|shown?|mean|missing)\b/i;

function assertNoEnglish(text: string): void {
  assert.doesNotMatch(text, english);
}
