/** Words as a line for the user's shell. */
export function shellLine(words: readonly string[]): string {
  return words.map(quoted).join(' ');
}

/** For a POSIX shell, or on Windows for the command prompt. */
function quoted(word: string): string {
  if (/^[\w./:-]+$/.test(word)) return word;
  if (process.platform === 'win32') return `"${word.replaceAll('"', '\\"')}"`;
  return `'${word.replaceAll("'", "'\\''")}'`;
}
