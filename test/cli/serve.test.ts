/** `trainbench serve` of the built bundle, asked over HTTP as other programs do. */
import assert from 'node:assert/strict';
import http from 'node:http';
import path from 'node:path';
import { jsonLines, runCli } from '../kit/runCli.ts';
import type { CliResult } from '../kit/runCli.ts';
import { createTinyProject } from '../kit/tinyProject.ts';
import type { TinyProject } from '../kit/tinyProject.ts';

interface Answer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

const json = { 'content-type': 'application/json' };

describe('trainbench serve', () => {
  let project: TinyProject;
  let run: string;
  let url: URL;
  let interrupt: () => void;
  let ended: Promise<CliResult>;

  before(async () => {
    project = createTinyProject();
    const options = { cwd: project.folder };
    const trained = await runCli(['train', 'tiny.train.yaml', '--json'], options);
    run = String(jsonLines(trained.stdout).at(-1)!['run']);
    url = await new Promise<URL>((resolve) => {
      ended = runCli(['serve', run, '--port', '0', '--json'], {
        ...options,
        onStdout(stdout, child) {
          interrupt = () => void child.kill('SIGINT');
          resolve(new URL(String(jsonLines(stdout)[0]!['url'])));
        },
      });
    });
  });
  after(() => project.remove());

  function ask(method: string, where: string, more: http.RequestOptions = {}, body = '') {
    return new Promise<Answer>((resolve, reject) => {
      const request = http.request(new URL(where, url), { method, ...more }, (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (part: string) => (text += part));
        response.on('end', () =>
          resolve({ status: response.statusCode!, body: JSON.parse(text) as Answer['body'] }),
        );
      });
      request.once('error', reject).end(body);
    });
  }

  it('says what a row has, and answers its own example', async () => {
    const { body } = await ask('GET', '/');
    const example = JSON.stringify(body['example']);
    const answer = await ask('POST', '/predict', { headers: json }, example);
    assert.equal(answer.status, 200);
    const said = await runCli(['predict', run, '--input', example, '--json'], {
      cwd: project.folder,
    });
    const { type, ...expected } = jsonLines(said.stdout)[0]!;
    assert.equal(type, 'prediction');
    assert.deepEqual(answer.body['predictions'], [expected]);
  });

  it('answers a list with as many predictions', async () => {
    const { body } = await ask('GET', '/');
    const rows = JSON.stringify([body['example'], body['example'], body['example']]);
    const answer = await ask('POST', '/predict', { headers: json }, rows);
    assert.equal((answer.body['predictions'] as unknown[]).length, 3);
  });

  for (const [what, method, where, headers, body, status, expected] of [
    ['a body that is no JSON', 'POST', '/predict', json, '{', 400, /the body is not JSON/],
    ['rows that are no rows', 'POST', '/predict', json, '[1]', 400, /must be an object/],
    ['a row that lacks everything', 'POST', '/predict', json, '{}', 400, /./],
    ['another method', 'GET', '/predict', {}, '', 405, /POST/],
    ['another path', 'GET', '/weights', {}, '', 404, /POST \/predict/],
    ['what a page can send unasked', 'POST', '/predict', {}, '{}', 415, /content-type/],
    ['another host', 'GET', '/', { host: 'evil.example' }, '', 403, /127\.0\.0\.1/],
  ] as const) {
    it(`refuses ${what}`, async () => {
      const answer = await ask(method, where, { headers }, body);
      assert.equal(answer.status, status);
      assert.match(String(answer.body['error']), expected);
      assert.doesNotMatch(JSON.stringify(answer.body), /\bat .*:\d+:\d+|internal:/);
    });
  }

  it('refuses a body that is too long', async () => {
    const answer = await ask('POST', '/predict', { headers: json }, ' '.repeat(17e6));
    assert.equal(answer.status, 413);
  });

  it('names a port that is taken', async () => {
    const { code, stderr } = await runCli(['serve', run, '--port', url.port], {
      cwd: project.folder,
    });
    assert.match(stderr, /cannot listen on port \d+: another program uses it; try --port 0/);
    assert.equal(code, 2);
  });

  it('names a run that is not there', async () => {
    const missing = path.join(project.folder, 'no');
    const { code, stderr } = await runCli(['serve', missing], { cwd: project.folder });
    assert.match(stderr, /no is not a run/);
    assert.equal(code, 2);
  });

  it('ends at Ctrl+C', async () => {
    interrupt();
    const { code, stderr } = await ended;
    assert.equal(code, 0, stderr);
    assert.match(stderr, /^POST \/predict 200$/m);
  });
});
