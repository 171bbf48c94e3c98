/** The page of a webview: a strict policy, one style sheet, one script; nothing inline. */
import { randomBytes } from 'node:crypto';
import { Uri } from 'vscode';
import type { Webview } from 'vscode';

export interface ViewPage {
  /** Folder with the bundles `<view>.js` and `<view>.css`. */
  readonly bundles: Uri;
  readonly view: string;
  readonly title: string;
  /** BCP 47, for screen readers and number formats. */
  readonly language: string;
}

export function viewHtml(webview: Webview, { bundles, view, title, language }: ViewPage): string {
  const address = (file: string) => webview.asWebviewUri(Uri.joinPath(bundles, file)).toString();
  const nonce = randomBytes(16).toString('base64');
  // The toolkit takes the nonce for its style elements from the meta element `csp-nonce`.
  // The script's own lazy chunks come from the same folder; a nonce does not pass on to them.
  const policy = [
    "default-src 'none'",
    `script-src 'nonce-${nonce}' ${webview.cspSource}`,
    `style-src 'nonce-${nonce}' ${webview.cspSource}`,
    `font-src ${webview.cspSource}`,
  ].join('; ');
  return `<!doctype html>
<html lang="${escapeHtml(language)}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta property="csp-nonce" content="${nonce}">
<meta name="viewport" content="width=device-width">
<title>${escapeHtml(title)}</title>
<link rel="stylesheet" nonce="${nonce}" href="${address(`${view}.css`)}">
</head>
<body>
<script type="module" nonce="${nonce}" src="${address(`${view}.js`)}"></script>
</body>
</html>`;
}

/** A page that only says something: no script at all. */
export function noticeHtml(title: string, text: string): string {
  return `<!doctype html>
<html>
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'">
<title>${escapeHtml(title)}</title>
</head>
<body>
<p role="alert">${escapeHtml(text)}</p>
</body>
</html>`;
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
};

function escapeHtml(text: string): string {
  return text.replace(/[&<>"]/g, (character) => entities[character]!);
}
