/** 1 to 128 characters: letters, digits and `. _ - @ +`. */
export const isUserName = (value: string): boolean =>
  /^[\p{L}\p{N}._@+-]{1,128}$/u.test(value) && value.normalize('NFC') === value;

/** User names are compared without case. */
export const userNameKey = (userName: string): string => userName.normalize('NFC').toLowerCase();

/** Deliberately loose: one @, no spaces; only a mail that arrives proves an address. */
export const isEmail = (value: string): boolean =>
  value.length <= 254 && /^[^\s@<>,;:"\\()[\]]+@[^\s@<>,;:"\\()[\]]+$/.test(value);

/** Given or family name: 1 to 128 characters, no control characters. */
export const isPersonName = (value: string): boolean =>
  value.trim().length > 0 && value.length <= 128 && !/\p{Cc}/u.test(value);
