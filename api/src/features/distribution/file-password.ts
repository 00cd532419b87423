import type { FieldChecks } from '../../lib/failure.ts';

export type FilePasswordRule = 'NONE' | 'PASSWORD' | 'USER_NAME' | 'USER_NAME_AND_PASSWORD';
export type FilePasswordInput = {
  filePasswordRule?: FilePasswordRule | null | undefined;
  filePassword?: string | null | undefined;
};

/** Characters that apps of the model take for a token of 128 bits, user name and password together. */
const MAX_CHARACTERS = 24;
/** Octets that count in SDTID; more would be a promise that nobody keeps. */
const MAX_OCTETS = 32;

/** Checks rule and password, and answers what locks the token; null where nothing does. */
export function filePasswordOf(
  checks: FieldChecks,
  { filePasswordRule, filePassword }: FilePasswordInput,
  { userName }: { userName: string },
): string | null {
  const rule = filePasswordRule ?? 'NONE';
  const given = filePassword ?? '';
  const wantsOne = rule === 'PASSWORD' || rule === 'USER_NAME_AND_PASSWORD';
  const all = { NONE: '', PASSWORD: given, USER_NAME: userName, USER_NAME_AND_PASSWORD: userName + given }[
    rule
  ];
  checks
    .require(!wantsOne || given.trim() !== '', 'filePassword', 'file_password.required', 'Type a password.')
    .require(
      wantsOne || given === '',
      'filePassword',
      'file_password.unused',
      'This rule takes no password of its own.',
    )
    .require(
      given === given.trim() && !/\p{C}/u.test(given),
      'filePassword',
      'file_password.characters',
      'A password has no spaces at its ends and no control characters.',
    )
    .require(
      all.length <= MAX_CHARACTERS && Buffer.byteLength(all) <= MAX_OCTETS,
      'filePassword',
      'file_password.length',
      rule.startsWith('USER_NAME')
        ? `User name and password together have at most ${MAX_CHARACTERS} characters. Choose another rule or a shorter password.`
        : `A password has at most ${MAX_CHARACTERS} characters.`,
    );
  return all || null;
}
