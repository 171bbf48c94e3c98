/** Identities that are not VS Code's, each from a played source on this machine: where they come from, and where they never go. */
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import fs from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { createPipelineRequest } from '@azure/core-rest-pipeline';
import { authorizePolicy } from '../../src/azure/authorize.ts';
import { customCloud, publicCloud } from '../../src/azure/clouds.ts';
import { AzureConnection } from '../../src/azure/connection.ts';
import { identityCredential, identitySources } from '../../src/azure/credentials.ts';
import type { IdentitySource } from '../../src/azure/credentials.ts';
import { explained } from '../../src/azure/explain.ts';

const attempt = { what: 'penguins', role: 'Reader' } as const;
const { scope } = publicCloud;

describe('identities of other sources', () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'trainbench-identities-'));
  const calls = path.join(folder, 'calls');
  const before = { ...process.env };
  after(() => fs.rmSync(folder, { recursive: true, force: true }));
  beforeEach(() => fs.writeFileSync(calls, ''));
  afterEach(() => {
    process.env = { ...before };
  });

  /** Puts a program in place of the Azure CLI. */
  function playCli(script: string): void {
    const body = `#!/bin/sh\necho "$@" >> ${calls}\n${script}\n`;
    fs.writeFileSync(path.join(folder, 'az'), body, { mode: 0o755 });
    process.env['PATH'] = `${folder}:/usr/bin:/bin`;
  }

  const tokenOf = async (source: IdentitySource) => {
    const credential = await identityCredential(source);
    return explained(attempt, () => credential.getToken(scope));
  };

  it('come from the Azure CLI, asked once while its token lasts', async () => {
    const answer = { accessToken: 'of-the-cli', expires_on: 4_070_908_800, tenant: 't' };
    playCli(`echo '${JSON.stringify(answer)}'`);
    const credential = await identityCredential('azureCli');
    const [first, second] = [await credential.getToken(scope), await credential.getToken(scope)];
    assert.equal(first?.token, 'of-the-cli');
    assert.equal(second?.token, 'of-the-cli');
    const asked = fs.readFileSync(calls, 'utf8').trim().split('\n');
    assert.equal(asked.length, 1);
    assert.match(
      asked[0] ?? '',
      /^account get-access-token .*--resource https:\/\/management\.core/,
    );
  });

  it('say what to do where the Azure CLI is not signed in, or is not there', async () => {
    playCli('echo "Please run \'az login\' to setup account." >&2; exit 1');
    await assert.rejects(tokenOf('azureCli'), { code: 'azure.signIn', message: /az login/ });
    fs.rmSync(path.join(folder, 'az'));
    await assert.rejects(tokenOf('azureCli'), {
      code: 'azure.signIn',
      message: /could not be found/,
    });
  });

  it('come from a managed identity of the machine', async () => {
    const asked: string[] = [];
    const metadata = http.createServer((request, response) => {
      asked.push(`${String(request.headers['metadata'])} ${request.url ?? ''}`);
      if (request.headers['metadata'] === undefined) return response.writeHead(400).end('{}');
      const body = { access_token: 'of-the-machine', expires_in: '3600', token_type: 'Bearer' };
      response.setHeader('Content-Type', 'application/json');
      return response.end(JSON.stringify({ ...body, resource: 'https://management.core' }));
    });
    await new Promise<void>((done) => void metadata.listen(0, '127.0.0.1', done));
    try {
      const { port } = metadata.address() as AddressInfo;
      process.env['AZURE_POD_IDENTITY_AUTHORITY_HOST'] = `http://127.0.0.1:${port}`;
      assert.equal((await tokenOf('managedIdentity'))?.token, 'of-the-machine');
      const last = asked.at(-1) ?? '';
      assert.match(last, /^true \/metadata\/identity\/oauth2\/token\/?\?.*resource=https/);
    } finally {
      metadata.close();
    }
  });

  it('come from a service principal of the environment, whose secret goes to its authority alone', async function () {
    const made = certificate(folder);
    if (made === null) this.skip(); // no openssl here to make one
    const { cert, certFile, key } = made;
    const posted: string[] = [];
    const authority = https.createServer({ key, cert }, (request, response) => {
      const own = `https://127.0.0.1:${(authority.address() as AddressInfo).port}/adfs`;
      let body = '';
      request.on('data', (data) => (body += String(data)));
      request.on('end', () => {
        response.setHeader('Content-Type', 'application/json');
        const isToken = request.url?.startsWith('/adfs/oauth2/token') === true;
        if (isToken) posted.push(body);
        const answer = isToken
          ? { access_token: 'of-the-principal', expires_in: 3600, token_type: 'Bearer' }
          : {
              issuer: own,
              authorization_endpoint: `${own}/oauth2/authorize`,
              token_endpoint: `${own}/oauth2/token`,
              jwks_uri: `${own}/keys`,
            };
        response.end(JSON.stringify(answer));
      });
    });
    await new Promise<void>((done) => void authority.listen(0, '127.0.0.1', done));
    try {
      const { port } = authority.address() as AddressInfo;
      // The tenant `adfs` is the one for which the library asks no public directory about the authority.
      const said = await inChild(`https://127.0.0.1:${port}`, {
        NODE_EXTRA_CA_CERTS: certFile,
        AZURE_TENANT_ID: 'adfs',
        AZURE_CLIENT_ID: '00000000-0000-0000-0000-00000000c11e',
        AZURE_CLIENT_SECRET: 'hush-hush',
      });
      assert.equal(said, 'of-the-principal');
      assert.equal(posted.length, 1);
      assert.match(posted[0] ?? '', /client_secret=hush-hush/);
    } finally {
      authority.close();
    }
  });

  it('say what is missing where the environment names none', async () => {
    const rest = Object.entries(before).filter(([name]) => !name.startsWith('AZURE_'));
    process.env = Object.fromEntries(rest);
    await assert.rejects(tokenOf('environment'), { code: 'azure.signIn' });
  });

  it('are not even asked for a custom endpoint', async () => {
    playCli('echo "{}"');
    for (const source of identitySources) {
      const credential = await identityCredential(source);
      const connect = () =>
        new AzureConnection({
          cloud: customCloud('http://127.0.0.1:9'),
          credential,
          log: () => undefined,
        });
      assert.throws(connect, { code: 'azure.foreignHost' }, source);
    }
    assert.equal(fs.readFileSync(calls, 'utf8'), '');
  });

  it('give their token to the host of the cloud, and to no other', async () => {
    playCli(`echo '{"accessToken": "of-the-cli", "expires_on": 4070908800}'`);
    const policy = authorizePolicy(publicCloud, await identityCredential('azureCli'));
    const sent: string[] = [];
    const send = (url: string) =>
      policy.sendRequest(createPipelineRequest({ url }), (request) => {
        sent.push(`${request.url} ${request.headers.get('Authorization') ?? ''}`);
        return Promise.resolve({ request, status: 200, headers: request.headers });
      });
    const own = 'https://management.azure.com/subscriptions';
    await send(own);
    for (const other of [
      'http://management.azure.com/subscriptions',
      'https://management.azure.com.example/subscriptions',
      'https://management.azure.com@127.0.0.1/subscriptions',
      'https://management.usgovcloudapi.net/subscriptions',
      'http://127.0.0.1:9/subscriptions',
    ]) {
      await assert.rejects(send(other), { code: 'azure.foreignHost' }, other);
    }
    assert.deepEqual(sent, [`${own} Bearer of-the-cli`]);
  });
});

/** For this machine, for a day. Null where there is no openssl. */
function certificate(folder: string) {
  const [keyFile, certFile] = [path.join(folder, 'key.pem'), path.join(folder, 'cert.pem')];
  const files = ['-keyout', keyFile, '-out', certFile];
  const names = ['-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1'];
  const kind = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  try {
    const args = ['req', '-x509', ...kind, '-days', '1', ...names, ...files];
    execFileSync('openssl', args, { stdio: 'ignore' });
  } catch {
    return null;
  }
  return { certFile, key: fs.readFileSync(keyFile), cert: fs.readFileSync(certFile) };
}

/** Certificates to trust are read when a process starts. @returns the token that it got. */
async function inChild(authority: string, env: Readonly<Record<string, string>>): Promise<string> {
  const module = new URL('../../src/azure/credentials.ts', import.meta.url).href;
  const script = `
    const { identityCredential } = await import(${JSON.stringify(module)});
    const credential = await identityCredential('environment', ${JSON.stringify(authority)});
    const token = await credential.getToken(${JSON.stringify(scope)});
    process.stdout.write(token.token);`;
  const args = ['--import', 'tsx', '--input-type=module', '--eval', script];
  const child = spawn(process.execPath, args, { env: { ...process.env, ...env } });
  let said = '';
  let failed = '';
  child.stdout.on('data', (data) => (said += String(data)));
  child.stderr.on('data', (data) => (failed += String(data)));
  const status = await new Promise((done) => child.once('close', done));
  assert.equal(status, 0, failed);
  return said;
}
