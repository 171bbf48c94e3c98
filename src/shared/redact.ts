/**
 * Takes secrets out of text before it is written anywhere: tokens, keys, passwords, signatures of addresses, personal
 * access tokens. Every line of the log goes through here, so it errs on the side of taking out too much.
 */

const hidden = '***';

/** Names of values that nobody else may see, as headers, fields of JSON, settings and parameters have them. */
const secretNames =
  'authorization|x-azureml-token|x-databricks-[\\w-]*token|x-ms-authorization-auxiliary|x-ms-copy-source-authorization|' +
  'ocp-apim-subscription-key|api-?key|set-cookie|cookie|' +
  '[\\w-]*(?:password|passwd|passphrase|secret|accesstoken|access_token|refresh_?token|id_?token|token_value|' +
  'accountkey|account_key|sharedaccesskey|primarykey|secondarykey|connectionstring|privatekey|privatekeydata|' +
  'private_key|ssh_private_key|sasuri|sastoken|client_assertion)(?:value|data)?';

/** An opening quote may be escaped: JSON within JSON. */
const quote = '\\\\*["\']';

const rules: readonly (readonly [RegExp, string])[] = [
  [/-----BEGIN [A-Z ]*(PRIVATE KEY|CERTIFICATE)-----[\s\S]*?(-----END [A-Z ]*\1-----|$)/g, hidden],
  // TLS of a cluster: its key and certificate have names that elsewhere say nothing
  [
    /(?<=\b(?:sslConfiguration|ssl_settings)\b[^}]{0,400}?\b(?:key|cert)\\*["']?:\s*\\*["']?)(?![*\s-])[^\s"'\\,}]+/g,
    hidden,
  ],
  // "name": "value", name='value', and values of several lines with escaped line ends
  [
    new RegExp(
      `(\\b(?:${secretNames})${quote}?\\s*[:=]\\s*)(${quote})(?:(?!(?<!\\\\)\\2)[\\s\\S])*(?:\\2|$)`,
      'gi',
    ),
    `$1$2${hidden}$2`,
  ],
  // ["name", "value"]: headers as a list of pairs
  [
    new RegExp(
      `(${quote}(?:${secretNames})${quote}\\s*,\\s*)(${quote})(?:(?!(?<!\\\\)\\2)[\\s\\S])*\\2`,
      'gi',
    ),
    `$1$2${hidden}$2`,
  ],
  // name: value, name=value up to the end of the line, of a parameter or of a part of a connection string
  [
    new RegExp(`(\\b(?:${secretNames})\\s*[:=]\\s*)(?!\\\\*["'{[])[^\\r\\n&;,}]+`, 'gi'),
    `$1${hidden}`,
  ],
  [/\b(bearer|basic|sharedkey|digest|token)(\s+|%20|\+)[\w.~+/=:%-]{8,}/gi, `$1 ${hidden}`],
  // JSON web tokens, wherever they stand
  [/\beyJ[\w-]{5,}(\.[\w-]*){1,4}/g, hidden],
  // shared access signatures: the signature and what it is good for
  [
    /((?:[?&;]|%3F|%26|\b)(?:sig|se|skoid|sktid)(?:=|%3D))[^&\s"'\\<>]+?(?=%26|[&\s"'\\<>]|$)/gi,
    `$1${hidden}`,
  ],
  [/(\b(?:code|token|key|assertion|subscription-key)=)[^&\s"'\\<>]{8,}/gi, `$1${hidden}`],
  // user:password@ of an address; a token alone may stand there too
  [/(\b[a-z][a-z0-9+.-]*:\/\/)[^/\s"'@]+@/gi, `$1${hidden}@`],
  // personal access tokens and client secrets by their shape: Databricks, GitHub, Azure DevOps, Entra
  [/\bdapi[0-9a-f]{32}(-\d+)?\b/gi, hidden],
  [/\b(gh[pousr]_\w{20,}|github_pat_\w{20,})\b/g, hidden],
  [/\b[a-z2-7]{52}\b/g, hidden],
  [/\b[A-Za-z0-9]{70,}JQQJ99[A-Za-z0-9]+\b/g, hidden],
  [/[\w~.-]{3}\dQ~[\w~.-]{31,34}/g, hidden],
  // keys of storage accounts and of batch accounts: 64 bytes in base64
  [/[A-Za-z0-9+/]{86}(==|%3D%3D)/g, hidden],
];

/** @returns the text without secrets; what is none stays as it was. */
export function redact(text: string): string {
  return rules.reduce((rest, [pattern, replacement]) => rest.replace(pattern, replacement), text);
}
