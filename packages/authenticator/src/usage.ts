/** What `--help` prints. */
export const usage = `The authenticator: a second device on the command line. It takes tokens by CT-KIP and shows their tokencodes.

  npm run authenticator -- import LINK       take a token; LINK may be the PNG of a QR code, an activation
                                             file that a browser saved, or - to read it from stdin
  npm run authenticator -- list              the tokens on this device
  npm run authenticator -- code [SERIAL]     the tokencode of now, and how long it holds
  npm run authenticator -- remove SERIAL     forget a token and its seed

Options
  --store FILE            the sealed file (default ~/.symbolon/authenticator)
  --json                  one JSON object on stdout, also for errors
  --activation-code CODE  for a link that carries none; else it is asked for
  --device-id ID          what to tell the server about this device (default: with our own
  --device-name NAME      links class and a name, with others nothing)
  --device-class GUID
  --ca FILE               trust the certificates in this PEM file and no others
  --insecure              allow http to another machine
  -h, --help

The passphrase of the store comes from SYMBOLON_AUTHENTICATOR_PASSPHRASE or is asked for.
Exit codes: 0 ok, 2 refused, 3 unreachable, 4 TLS, 5 already held, 6 bad input.
`;
