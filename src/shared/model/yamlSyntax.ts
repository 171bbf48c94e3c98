/** The commonest slips in YAML and JSON, in words that tell what to look for. */
import type { YAMLError } from 'yaml';
import { say } from '../language.ts';

/** Half a sentence; the parser's own words where a slip is rare. */
export function syntaxReason({ code, message }: YAMLError): string {
  switch (code) {
    case 'BAD_INDENT':
      return say('this line is not indented like those it belongs to');
    case 'BLOCK_IN_FLOW':
      return say('a comma or a closing bracket is missing before this');
    case 'BLOCK_AS_IMPLICIT_KEY':
      return say('there is a second colon here, or this line is indented too far');
    case 'MULTILINE_IMPLICIT_KEY':
      return say('this line has no colon after its key');
    case 'BAD_SCALAR_START':
      return say`a text cannot begin with ${message.slice(-1)}: put it in quotes`;
    case 'MISSING_CHAR':
      return missing(message);
    default:
      return message;
  }
}

function missing(message: string): string {
  if (/closing/.test(message)) return say('a quote opens here and is never closed');
  if (/Missing ,/.test(message)) return say('a comma is missing before this');
  return say('a colon is missing after this key');
}
