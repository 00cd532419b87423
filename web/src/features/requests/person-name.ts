type Person = { userName: string; givenName: string; familyName: string };

/** A person as lists and sentences name them. */
export const fullName = ({ givenName, familyName, userName }: Person): string =>
  `${givenName} ${familyName}`.trim() || userName;

/** Short, for buttons and hints beside the full name. */
export const shortName = ({ givenName, userName }: Person): string => givenName.trim() || userName;
