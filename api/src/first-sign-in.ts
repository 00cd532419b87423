/** A person who can sign in for the first time, and the password to show on the terminal, once. */
export type FirstSignIn = { userName: string; password: string };
