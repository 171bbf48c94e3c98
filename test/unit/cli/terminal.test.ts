import assert from 'node:assert/strict';
import { createTerminal } from '../../../src/cli/terminal.ts';

interface Case {
  readonly stdoutTty?: boolean;
  readonly stderrTty?: boolean;
  readonly environment?: NodeJS.ProcessEnv;
}

function open({ stdoutTty = false, stderrTty = false, environment = {} }: Case) {
  const written = { out: '', err: '' };
  const terminal = createTerminal({
    stdout: { isTTY: stdoutTty, write: (text: string) => (written.out += text) },
    stderr: { isTTY: stderrTty, columns: 40, write: (text: string) => (written.err += text) },
    environment,
  });
  return { terminal, written };
}

describe('the terminal', () => {
  for (const [title, options, coloured] of [
    ['colours on a terminal', { stdoutTty: true }, true],
    ['does not colour a pipe', { stdoutTty: false }, false],
    ['honours NO_COLOR', { stdoutTty: true, environment: { NO_COLOR: '1' } }, false],
    ['takes an empty NO_COLOR for none', { stdoutTty: true, environment: { NO_COLOR: '' } }, true],
    ['does not colour a dumb terminal', { stdoutTty: true, environment: { TERM: 'dumb' } }, false],
  ] as const) {
    it(title, () => {
      const { terminal } = open(options);
      assert.equal(terminal.paint('red', 'x'), coloured ? '\u001b[31mx\u001b[39m' : 'x');
    });
  }

  it('shows no live line in a pipe', () => {
    const { terminal, written } = open({ stdoutTty: true });
    terminal.status('half way');
    assert.equal(terminal.live, false);
    assert.deepEqual(written, { out: '', err: '' });
  });

  it('keeps the live line below other lines', () => {
    const { terminal, written } = open({ stderrTty: true });
    terminal.status('50 %');
    terminal.note('careful');
    terminal.status(null);
    const erase = '\r\u001b[K';
    assert.equal(written.err, `${erase}50 %${erase}careful\n50 %${erase}`);
  });

  it('writes results to stdout and all else to stderr', () => {
    const { terminal, written } = open({});
    terminal.print('result');
    terminal.note('note');
    assert.deepEqual(written, { out: 'result\n', err: 'note\n' });
  });
});
