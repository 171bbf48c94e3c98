/** What the errors of the operating system and the network mean, in words for people. */
import { say } from './language.ts';

/** @param code as Node gives it: `ENOSPC`. Null for one that needs its own message. */
export function systemReason(code: string): string | null {
  const reason = reasons[code];
  return reason === undefined ? null : `${reason()} (${code})`;
}

const noPermission = () => say('there is no permission for it');

const reasons: Readonly<Record<string, () => string>> = {
  EACCES: noPermission,
  EPERM: noPermission,
  ENOENT: () => say('there is no such file or folder'),
  EEXIST: () => say('it exists already'),
  EISDIR: () => say('it is a folder'),
  ENOTDIR: () => say('a part of its path is no folder'),
  ENOSPC: () => say('the disk is full'),
  EDQUOT: () => say('the share of the disk is used up'),
  EROFS: () => say('the disk is read-only'),
  EBUSY: () => say('another program is using it'),
  EMFILE: () => say('too many files are open'),
  ENOTFOUND: () => say('the address is not known'),
  EAI_AGAIN: () => say('the address cannot be looked up now'),
  ECONNREFUSED: () => say('the connection was refused'),
  ECONNRESET: () => say('the connection was cut'),
  ETIMEDOUT: () => say('there was no answer in time'),
};
