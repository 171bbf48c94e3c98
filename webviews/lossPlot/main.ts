/** The loss plot's page: asks the host for everything, then follows its events. */
import { Client } from '../../src/shared/protocol/client.ts';
import type { LossPlotContract, LossPlotState } from '../../src/shared/protocol/views/lossPlot.ts';
import { oncePerFrame } from '../kit/dom.ts';
import { onThemeChange } from '../kit/theme.ts';
import { keepForReload, openTransport } from '../kit/transport.ts';
import { withNews } from './state.ts';
import { View } from './view.ts';
import 'uplot/dist/uPlot.min.css';
import '../kit/view.css';
import './lossPlot.css';

type Request = 'run/pause' | 'run/continue' | 'run/stop' | 'run/resume' | 'run/predict';

async function start(): Promise<void> {
  const client = new Client<LossPlotContract>(openTransport());
  // A refusal is shown by the host, where all errors are shown.
  const ask = (request: Request) => void client.request(request, {}).catch(() => undefined);
  const view = new View({
    pause: () => ask('run/pause'),
    continue: () => ask('run/continue'),
    stop: () => ask('run/stop'),
    resume: () => ask('run/resume'),
    predict: () => ask('run/predict'),
  });
  let state: LossPlotState | null = null;
  const draw = oncePerFrame(() => {
    if (state !== null) view.draw(state);
  });
  // What happens before the first answer is part of it.
  const change = (by: (state: LossPlotState) => LossPlotState) => {
    if (state === null) return;
    state = by(state);
    draw();
  };
  client.on('plot/reset', (next) => {
    keepForReload({ directory: next.directory });
    change(() => next);
  });
  client.on('plot/news', (news) => change((now) => withNews(now, news)));
  onThemeChange(draw);
  state = await client.request('view/ready', {});
  keepForReload({ directory: state.directory });
  view.draw(state);
  await import('../kit/toolkit.ts');
}

void start();
