export type MailMessage = {
  messageId: string;
  from: string;
  to: string;
  subject: string;
  text: string;
  html: string;
  /** PEM; with it the mail is encrypted. */
  recipientCertificate?: string;
};

/** Hands mails to a mail server; what fails is put into words by `mailErrorText`. */
export type MailTransport = {
  send(message: MailMessage): Promise<void>;
  /** Connects and signs in, and sends nothing. */
  verify(): Promise<void>;
  close(): void;
};
