/**
 * The one translation of computes: YAML text to a checked document, document to the body of a request, and the service's
 * answer back to a document and its text. Forms make documents too, so that what they send can be kept as a file.
 */
import { stringify } from 'yaml';
import type * as z from 'zod';
import type { Diagnostic } from '../../shared/diagnostics.ts';
import { hasErrors } from '../../shared/diagnostics.ts';
import { say } from '../../shared/language.ts';
import { describeIssues } from '../../shared/model/issues.ts';
import { readDocument } from '../../shared/model/readDocument.ts';
import { isRecord } from '../../shared/model/schemaKit.ts';
import type { ComputeKind } from './computeKind.ts';
import { readFields, valueIn, versionFor, without, writeFields } from './fields.ts';
import type { Place, Tree } from './fields.ts';
import { computeKinds, kindOfDocument, kindOfService } from './kinds.ts';
import { computeNamePattern } from './parts.ts';

/** Checked, with its defaults in it. */
export interface ComputeDocument {
  readonly kind: ComputeKind;
  readonly name: string;
  /** All keys of the document, as its schema gives them. */
  readonly values: Tree;
}

export interface ReadCompute {
  /** Null where there are errors. */
  readonly compute: ComputeDocument | null;
  readonly diagnostics: readonly Diagnostic[];
}

/** @param file for the diagnostics. Needs no `$schema`: the kind follows from `type`, or from keys that only one has. */
export function readComputeYaml(text: string, file: string): ReadCompute {
  const { diagnostics, document, value } = readDocument(text, file);
  if (hasErrors(diagnostics)) return { compute: null, diagnostics };
  const kind = kindOfDocument(value);
  if (!isRecord(value) || kind === null) {
    const message = noKind(value);
    const hint = say`known here: ${computeKinds.map(({ type }) => `\`${type}\``).join(', ')}`;
    const problem = { code: 'azure.kind', message, hint };
    return { compute: null, diagnostics: [document.at(['type'], problem), ...diagnostics] };
  }
  const checked = checkCompute(kind, value);
  if ('values' in checked) return { compute: checked, diagnostics };
  const found = describeIssues(kind.schema, checked.value, checked.issues).map(
    ({ path, problem, where }) =>
      document.at(
        path,
        path.join() === 'name' ? { ...problem, ...nameWords(value) } : problem,
        where,
      ),
  );
  return { compute: null, diagnostics: [...found, ...diagnostics] };
}

interface Refused {
  readonly value: Tree;
  readonly issues: readonly z.core.$ZodIssue[];
}

/** Of a document made by a form too. @param value without what is left out. */
export function checkCompute(kind: ComputeKind, value: Tree): ComputeDocument | Refused {
  const whole = { ...value, type: value['type'] ?? kind.type };
  const result = kind.schema.safeParse(whole, { reportInput: true, jitless: true });
  if (!result.success) return { value: whole, issues: result.error.issues };
  const values = result.data as Tree;
  return { kind, name: String(values['name']), values };
}

export interface ComputeRequest {
  readonly body: Tree;
  /** Null for the one that we speak by default. */
  readonly apiVersion: string | null;
}

export function computeRequest({ kind, values }: ComputeDocument, place: Place): ComputeRequest {
  const body: Tree = {
    ...(kind.hasLocation === false ? {} : { location: locationOf(values, place) }),
    properties: { computeType: kind.computeType },
  };
  writeFields(kind.fields, { body, document: values, place });
  return { body, apiVersion: versionFor(kind.fields, values) };
}

/**
 * @param body as the service answers. What only it decides (states, times, counts) does not come along.
 * @returns null for a kind that no document can describe.
 */
export function documentOf(body: unknown, place: Place): Tree | null {
  const type = valueIn(body, 'properties.computeType');
  const kind = typeof type === 'string' ? kindOfService(type) : null;
  if (kind === null || !isRecord(body)) return null;
  const document: Tree = { ...schemaAddress(kind), name: body['name'], type: kind.type };
  const location = body['location'];
  if (typeof location === 'string' && location !== place.location) document['location'] = location;
  return readFields(kind.fields, { body, document, place });
}

export function documentText(document: Tree): string {
  return stringify(document, { lineWidth: 0 });
}

/** As other tools of Azure know the kind, where they do. */
function schemaAddress({ schemaName }: ComputeKind): Tree {
  if (schemaName === null) return {};
  return { $schema: `https://azuremlschemas.azureedge.net/latest/${schemaName}.schema.json` };
}

/** What may be kept in a file: the document without what only the request may have. */
export function withoutSecrets(document: Tree): Tree {
  const kind = kindOfDocument(document);
  return without(document, kind?.secrets ?? []);
}

/** Where the compute will stand: in the region of its workspace if the document says nothing. */
export function locationOf({ location }: Tree, place: Pick<Place, 'location'>): string {
  return typeof location === 'string' ? location : place.location;
}

/** Null for a name that the service takes. */
export function computeNameProblem(name: string): string | null {
  if (computeNamePattern.test(name)) return null;
  if (name.length < 3 || name.length > 24)
    return say`A name has 3 to 24 characters, not ${name.length}.`;
  if (!/^[a-z]/i.test(name)) return say('A name begins with a letter.');
  const wrong = /[^a-z0-9-]/i.exec(name)?.[0];
  if (wrong !== undefined)
    return say`A name has letters, digits and hyphens only, no \`${wrong}\`.`;
  return say('A name does not end with a hyphen and digits: Azure keeps those for itself.');
}

function nameWords({ name }: Tree): { message: string } | object {
  const problem = typeof name === 'string' ? computeNameProblem(name) : null;
  return problem === null ? {} : { message: problem };
}

function noKind(value: unknown): string {
  if (!isRecord(value)) return say('this is no description of a compute: it has no keys');
  const { type } = value;
  if (type === undefined)
    return say('which kind of compute this is cannot be told: it has no `type`');
  if (typeof type === 'string' && /^(data_?lake_?analytics|adla)$/i.test(type))
    return say(
      'Azure Data Lake Analytics ended on 29 February 2024: what is attached can be seen and detached, nothing new is attached. Use a Spark job or Databricks',
    );
  return say`\`${typeof type === 'string' ? type : typeof type}\` is no kind of compute`;
}
