/** Tries to get secrets into the log, in every form that we could think of. */
import assert from 'node:assert/strict';
import { guardLog } from '../../../src/extension/ui/guardedLog.ts';
import { redact } from '../../../src/shared/redact.ts';

const jwt =
  'eyJ0eXAiOiJKV1QiLCJhbGciOiJSUzI1NiJ9.eyJhdWQiOiJodHRwczovL21hbmFnZW1lbnQifQ.c2lnbmF0dXJl-_x';
const accountKey =
  'Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==';
const databricks = `dapi${'0123456789abcdef'.repeat(2)}-2`;
const signature = 'abc%2BdefGHI123%2Fjkl%3D';
const password = 'hunter2-S3cret!';

/** Text and the part that must be gone. */
const leaks: readonly (readonly [string, string, string])[] = [
  ['a header', `Authorization: Bearer ${jwt}`, jwt],
  ['a header in lower case', `authorization: bearer ${jwt}`, jwt],
  ['basic authentication', 'Authorization: Basic dXNlcjpwYXNzd29yZA==', 'dXNlcjpwYXNzd29yZA'],
  ['a shared key', `Authorization: SharedKey store:c2lnbmF0dXJlMTIz`, 'c2lnbmF0dXJlMTIz'],
  ['a short made-up token', 'Authorization: Bearer x9', 'x9'],
  ['headers as JSON', JSON.stringify({ headers: { authorization: `Bearer ${jwt}` } }), jwt],
  ['headers as pairs', JSON.stringify([['Authorization', `Bearer ${password}`]]), password],
  ['the header of pipelines', `x-azureml-token: ${password}`, password],
  ['headers of Databricks', `X-Databricks-Azure-SP-Management-Token: ${password}`, password],
  ['a cookie', `Set-Cookie: session=${password}; Path=/`, password],
  ['a subscription key', `Ocp-Apim-Subscription-Key: ${password}`, password],
  ['a token alone', `the token ${jwt} was refused`, jwt],
  ['a token in an address', `https://host/path?access_token=${jwt}&x=1`, jwt],
  [
    'an authorization code',
    'http://127.0.0.1/callback?code=0.AXsAbcdefgh123&state=1',
    '0.AXsAbcdefgh123',
  ],
  [
    'a shared access signature',
    `https://a.blob.core.windows.net/c/b?sv=2024&se=2026-01-01&sig=${signature}`,
    signature,
  ],
  [
    'its end of life',
    'https://a.blob.core.windows.net/c?se=2026-01-01T00%3A00&sig=x',
    '2026-01-01T00',
  ],
  ['a signature alone', `?sig=${signature}`, signature],
  [
    'an encoded signature',
    `redirect=https%3A%2F%2Fa%3Fsv%3D1%26sig%3D${signature}%26x%3D1`,
    'abc%2BdefGHI123',
  ],
  ['a signature in JSON', JSON.stringify({ sasUri: `https://a/c?sig=${signature}` }), signature],
  [
    'a connection string',
    `DefaultEndpointsProtocol=https;AccountName=a;AccountKey=${accountKey};EndpointSuffix=x`,
    accountKey,
  ],
  [
    'a key in JSON',
    JSON.stringify({ keys: { primaryKey: accountKey, secondaryKey: 'short' } }),
    accountKey,
  ],
  ['a short key in JSON', JSON.stringify({ secondaryKey: 'short' }), 'short'],
  ['a key alone', `the key is ${accountKey}`, accountKey],
  ['a password in JSON', JSON.stringify({ adminUserPassword: password }), password],
  ['a password with quotes', JSON.stringify({ password: 'with "quotes" inside' }), 'inside'],
  [
    'a password in JSON within JSON',
    JSON.stringify({ body: JSON.stringify({ password }) }),
    password,
  ],
  ['a password as printed', `{ username: 'ada', password: '${password}' }`, password],
  ['a password as setting', `password=${password}`, password],
  ['a password in YAML', `admin_password: ${password}`, password],
  ['a passphrase', `passphrase: "${password}"`, password],
  ['a client secret', `AZURE_CLIENT_SECRET=${password}`, password],
  ['a client secret by shape', 'abc8Q~ABCDEFGHIJKLMNOPQRSTUVWXYZ01234567', 'ABCDEFGHIJKLMNOP'],
  ['a token of Databricks', JSON.stringify({ databricksAccessToken: 'any' }), 'any"'],
  ['a token of Databricks by shape', `curl -u token:${databricks}`, databricks],
  ['a token response', JSON.stringify({ token_value: password, token_info: {} }), password],
  ['a token of GitHub', `ghp_${'a1'.repeat(18)} was given`, 'ghp_a1'],
  ['a token of Azure DevOps', 'a'.repeat(26) + 'b2'.repeat(13), 'ab2b2'],
  ['a user in an address', `https://ada:${password.replace('!', '')}@dev.azure.com/org`, 'hunter2'],
  ['a token in an address of git', 'https://x9secret@github.com/org/repo.git', 'x9secret'],
  [
    'a private key',
    `-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXk\n-----END OPENSSH PRIVATE KEY-----`,
    'b3BlbnNzaC1rZXk',
  ],
  ['a private key that is cut', '-----BEGIN RSA PRIVATE KEY-----\nMIIEowIBAAK', 'MIIEowIBAAK'],
  [
    'a private key in JSON',
    JSON.stringify({ privateKeyData: '-----BEGIN RSA PRIVATE KEY-----\nMIIE' }),
    'MIIE',
  ],
  [
    'the request that attaches a machine',
    JSON.stringify({
      administratorAccount: { username: 'ada', password, privateKeyData: 'c2VjcmV0LWtleQ' },
    }),
    password,
  ],
  [
    'its private key',
    JSON.stringify({ administratorAccount: { privateKeyData: 'c2VjcmV0LWtleQ' } }),
    'c2VjcmV0LWtleQ',
  ],
  ['a private key in YAML', 'ssh_private_key: c2VjcmV0LWtleQ', 'c2VjcmV0LWtleQ'],
  ['a token in YAML', `access_token: ${password}`, password],
  [
    'TLS of a cluster',
    JSON.stringify({ sslConfiguration: { status: 'Enabled', key: 'c2VjcmV0LXRscy1rZXk' } }),
    'c2VjcmV0LXRscy1rZXk',
  ],
  [
    'TLS in YAML',
    'ssl_settings:\n  cname: models.example.com\n  key: c2VjcmV0LXRscy1rZXk\n',
    'c2VjcmV0LXRscy1rZXk',
  ],
  [
    'a certificate',
    JSON.stringify({ cert: '-----BEGIN CERTIFICATE-----\nMIIDsecret' }),
    'MIIDsecret',
  ],
  [
    'an error with its request',
    new Error(`401 for GET https://x/y?sig=${signature}`).stack ?? '',
    signature,
  ],
];

describe('the log', () => {
  it('gets no secret at any level, nor by an error or its cause', () => {
    const lines: string[] = [];
    const write = (line: string) => void lines.push(line);
    const ends = { show: () => undefined, dispose: () => undefined };
    const log = guardLog({
      trace: write,
      debug: write,
      info: write,
      warn: write,
      error: write,
      ...ends,
    });
    for (const level of ['trace', 'debug', 'info', 'warn', 'error'] as const) {
      log[level](`Authorization: Bearer ${jwt}`);
      log[level](new Error('outer', { cause: new Error(`GET https://x/y?sig=${signature}`) }));
    }
    assert.equal(lines.length, 10);
    assert.ok(lines.some((line) => line.includes('Caused by')));
    for (const line of lines) assert.ok(!line.includes(jwt) && !line.includes(signature), line);
  });
});

describe('the redactor', () => {
  for (const [what, text, secret] of leaks) {
    it(`hides ${what}`, () => {
      assert.ok(text.includes(secret), 'the case is wrong');
      const shown = redact(text);
      assert.ok(!shown.includes(secret), shown);
      assert.ok(shown.includes('***'), shown);
    });
  }

  it('leaves what is no secret', () => {
    for (const text of [
      'Azure: GET /subscriptions/00000000-0000-0000-0000-0000000000a1/computes?api-version=2024-04-01 200, 12 ms',
      'Run completed after 330 steps in 0.04 s.',
      'Run folder: /home/ada/runs/20260102-030405-penguins',
      'Device: cpu, backend: wasm',
      'loss 0.123, accuracy 98.2%',
      'at Object.<anonymous> (/home/ada/src/azure/connection.ts:12:34)',
      'https://management.azure.com/subscriptions?api-version=2022-12-01',
      'sha256: 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
      'The token was refused.',
      'password of the machine is missing',
    ]) {
      assert.equal(redact(text), text);
    }
  });

  it('does not change what it has redacted', () => {
    for (const [, text] of leaks) assert.equal(redact(redact(text)), redact(text));
  });

  it('takes no time on long lines', () => {
    const long = `{"value": "${'a='.repeat(200_000)}"}`;
    assert.ok(redact(long).length > 0); // Mocha's time limit ends a pattern that explodes
  });
});
