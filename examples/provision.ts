/**
 * Makes a user, gives them a token by URL, and watches until it is on their phone.
 *
 *   SYMBOLON_URL=http://localhost:4000 SYMBOLON_KEY=symb_… node provision.ts USER_NAME PROFILE
 *
 * PROFILE is the name of a token profile that delivers by URL. The key needs USERS_MANAGE, PROFILES_READ, TOKENS_READ,
 * TOKENS_MANAGE and TOKENS_DISTRIBUTE. Run again with the same user name it says that the name is taken, and changes nothing.
 */
import { createClient } from 'graphql-ws';

type Failure = { __typename: string; code: string; message: string };
type User = { id: string; userName: string };
type Token = { id: string; serialNumber: string };
type Distributed = {
  distribution: { activation: { id: string } };
  activationCode: string;
  ctKipUrl: string;
};

const { SYMBOLON_URL: url = 'http://localhost:4000', SYMBOLON_KEY: key } = process.env;
const [userName, profileName] = process.argv.slice(2);
if (!key || !userName || !profileName) {
  console.error('Usage: SYMBOLON_URL=… SYMBOLON_KEY=… node provision.ts USER_NAME PROFILE');
  process.exit(2);
}
const Authorization = `Bearer ${key}`;

/** Sends one document; what the API refuses as a whole (no permission, too many) is an error. */
async function ask<Data>(query: string, variables: object = {}): Promise<Data> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { Authorization, 'Content-Type': 'application/json' },
    body: JSON.stringify({ query, variables }),
  });
  const { data, errors } = (await response.json()) as { data: Data; errors?: { message: string }[] };
  if (errors) throw new Error(errors[0]!.message);
  return data;
}

/** Does one mutation; an expected failure, which comes as data, is an error here. */
async function act<Success>(query: string, input: object): Promise<Success> {
  const { result } = await ask<{ result: Success | Failure }>(query, { input });
  if ('code' in (result as Failure)) throw new Error((result as Failure).message);
  return result as Success;
}

const failure = '... on UserError { __typename code message }';

const { tokenProfiles } = await ask<{
  tokenProfiles: { nodes: { id: string; name: string; deliveryMethod: string }[] };
}>('{ tokenProfiles(first: 200) { nodes { id name deliveryMethod } } }');
const profile = tokenProfiles.nodes.find(
  ({ name, deliveryMethod }) => name === profileName && deliveryMethod === 'CT_KIP_URL',
);
if (!profile) throw new Error(`There is no profile «${profileName}» that delivers by URL.`);

const { user, generatedPassword } = await act<{ user: User; generatedPassword: string }>(
  `mutation ($input: CreateUserInput!) {
    result: createUser(input: $input) { ... on CreateUserSuccess { user { id userName } generatedPassword } ${failure} }
  }`,
  { userName, givenName: userName, familyName: 'Example' },
);
console.log(`User ${user.userName}, first password ${generatedPassword}`);

const nextYear = new Date(Date.now() + 365 * 24 * 3600 * 1000).toISOString().slice(0, 10);
const { tokens } = await act<{ tokens: [Token] }>(
  `mutation ($input: GenerateTokensInput!) {
    result: generateTokens(input: $input) { ... on GenerateTokensSuccess { tokens { id serialNumber } } ${failure} }
  }`,
  { count: 1, algorithm: 'SECURID', expiresOn: nextYear },
);
const [token] = tokens;
await act(
  `mutation ($input: AssignTokensInput!) {
    result: assignTokens(input: $input) { ... on AssignTokensSuccess { tokens { status } } ${failure} }
  }`,
  { userId: user.id, tokenIds: [token.id] },
);
const { distribution, activationCode, ctKipUrl } = await act<Distributed>(
  `mutation ($input: DistributeTokenInput!) {
    result: distributeToken(input: $input) {
      ... on DistributeTokenSuccess { distribution { activation { id } } activationCode ctKipUrl } ${failure}
    }
  }`,
  // The same key makes no second distribution when this call is sent again after a broken connection.
  { tokenId: token.id, profileId: profile.id, idempotencyKey: `provision ${token.id}` },
);
console.log(`Token ${token.serialNumber}: send the address and the code by two different ways`);
console.log(`URL ${ctKipUrl}`);
console.log(`Code ${activationCode}`);

// A program sends its key with the first message: a browser's WebSocket, and Node's, can set no header.
const socket = createClient({
  url: `${url.replace(/^http/, 'ws')}/graphql`,
  connectionParams: { Authorization },
  retryAttempts: 10,
  // Closed with 4403 the key is over; every other loss of the connection may pass.
  shouldRetry: (lost) => (lost as { code?: number }).code !== 4403,
});
const changes = socket.iterate<{ activationChanged: { state: string; device: string | null } }>({
  query: 'subscription ($id: ID!) { activationChanged(id: $id) { state device } }',
  variables: { id: distribution.activation.id },
});
let last = '';
for await (const { data, errors } of changes) {
  if (errors) throw new Error(errors[0]!.message);
  const { state, device } = data!.activationChanged;
  console.log(device ? `${state} on ${device}` : state);
  last = state;
  // The seed is on the phone. It becomes live with the first right tokencode, so this program need not wait.
  if (state === 'ACTIVATED') break;
}
await socket.dispose();
if (last === 'EXPIRED' || last === 'CANCELLED') process.exitCode = 1;
