/** What each failure of Azure says to people. */
import assert from 'node:assert/strict';
import { createHttpHeaders, createPipelineRequest, RestError } from '@azure/core-rest-pipeline';
import { currentLanguage, useLanguage } from '../../../src/shared/language.ts';
import { explain } from '../../../src/azure/explain.ts';
import { OperationFailed, serviceErrorOf } from '../../../src/azure/failures.ts';

const attempt = { what: 'cpu-cluster', role: 'Contributor' } as const;

function refusal(status: number, code: string, headers: Readonly<Record<string, string>> = {}) {
  const request = createPipelineRequest({ url: 'https://management.azure.com/x' });
  const response = { status, request, headers: createHttpHeaders(headers), bodyAsText: null };
  const error = new RestError('x', { statusCode: status, response });
  error.details = { error: { code, message: `<${code}>` } };
  return error;
}

const cases: readonly (readonly [number, string, string])[] = [
  [403, 'AuthorizationFailed', 'azure.forbidden'],
  [403, 'LinkedAuthorizationFailed', 'azure.forbidden'],
  [401, 'InvalidAuthenticationToken', 'azure.signIn'],
  [401, 'ExpiredAuthenticationToken', 'azure.signIn'],
  [404, 'ResourceNotFound', 'azure.notFound'],
  [404, 'ResourceGroupNotFound', 'azure.notFound'],
  [404, 'SubscriptionNotFound', 'azure.notFound'],
  [409, 'Conflict', 'azure.conflict'],
  [409, 'AnotherOperationInProgress', 'azure.conflict'],
  [409, 'NameAlreadyExists', 'azure.nameTaken'],
  [409, 'StorageAccountAlreadyTaken', 'azure.nameTaken'],
  [400, 'ClusterCoreQuotaReached', 'azure.quota'],
  [409, 'QuotaExceeded', 'azure.quota'],
  [409, 'OperationNotAllowed', 'azure.conflict'],
  [400, 'SkuNotAvailable', 'azure.quota'],
  [429, 'TooManyRequests', 'azure.throttled'],
  [400, 'InvalidParameter', 'azure.invalid'],
  [500, 'InternalServerError', 'azure.failed'],
];

describe('failures of Azure', () => {
  for (const [status, code, expected] of cases) {
    it(`${status} ${code} is ${expected}`, () => {
      const error = explain(refusal(status, code), attempt) as Error & { code: string };
      assert.equal(error.code, expected);
      assert.ok(error.message.includes(code), error.message);
      assert.ok(error.message.endsWith('.') || error.message.endsWith('>'), error.message);
    });
  }

  it('says the role that is needed, and how long to wait', () => {
    const forbidden = explain(refusal(403, 'AuthorizationFailed'), attempt) as Error;
    assert.match(forbidden.message, /role Contributor/);
    const throttled = explain(refusal(429, 'TooManyRequests', { 'Retry-After': '17' }), attempt);
    assert.match((throttled as Error).message, /in 17 s/);
  });

  it('comes in Spanish', async () => {
    const before = currentLanguage();
    await useLanguage('es');
    try {
      const texts = cases.map(([status, code]) => explain(refusal(status, code), attempt) as Error);
      for (const { message } of texts) {
        assert.match(message, /\((?=\w)/);
        assert.doesNotMatch(message, /\b(the|Azure says|again)\b/);
      }
    } finally {
      await useLanguage(before);
    }
  });

  it('leaves errors that have their own words', () => {
    const own = new TypeError('a bug of ours');
    assert.equal(explain(own, attempt), own);
  });

  it('finds the detail that says what is the matter', () => {
    const details = [{ code: 'QuotaExceeded', message: 'no cores' }];
    assert.deepEqual(
      serviceErrorOf({ error: { code: 'BadRequest', message: 'outer', details } }),
      details[0],
    );
    assert.deepEqual(serviceErrorOf('{"code": "A", "message": "b"}'), { code: 'A', message: 'b' });
    assert.equal(serviceErrorOf('<html>'), null);
  });

  it('explains an operation that failed later', () => {
    const failed = new OperationFailed({ code: 'QuotaExceeded', message: 'no cores' });
    assert.equal((explain(failed, attempt) as Error & { code: string }).code, 'azure.quota');
  });
});
