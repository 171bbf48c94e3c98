/** What the browser refused our views because of their content security policy: there should be nothing. */
import type { ConsoleMessage, Page } from 'playwright-core';

/** The document of a webview; those of the workbench itself are none of our business. */
const viewDocument = /\/(fake|index)\.html\?id=|\/dist\/webviews\//;

/** Marks what the script below reports. */
const eventMark = 'policy violation:';

/**
 * Runs in every document before its own scripts. VS Code writes a view's page into an empty document, and opening a
 * document for writing drops its listeners: so this listens again after each opening.
 */
const listener = `(() => {
  const say = (event) => console.error(
    ${JSON.stringify(eventMark)}, event.effectiveDirective, event.blockedURI, 'in', location.href);
  const listen = (target) => target.addEventListener('securitypolicyviolation', say);
  listen(document);
  const { open } = Document.prototype;
  Document.prototype.open = function (...args) {
    const opened = open.apply(this, args);
    listen(this);
    return opened;
  };
})()`;

/** Call before the page loads. @returns the violations so far, a live array: from events and from the console. */
export async function collectViolations(page: Page): Promise<readonly string[]> {
  const violations: string[] = [];
  await page.addInitScript({ content: listener });
  page.on('console', (message) => {
    if (isViolation(message)) violations.push(message.text());
  });
  return violations;
}

function isViolation(message: ConsoleMessage): boolean {
  const text = message.text();
  if (text.startsWith(eventMark)) return viewDocument.test(text);
  // Of a document that was written the browser knows no address.
  const { url } = message.location();
  return /Content Security Policy/.test(text) && (url === '' || viewDocument.test(url));
}
