import { publicUrl } from './installations.ts';

type Answer = Record<string, unknown> & { __typename?: string; message?: string };
export type Person = { id: string; userName: string; name: string; password: string; email: string };
export type Profile = { id: string; name: string };
export type MadeToken = { id: string; serialNumber: string };
export type Role =
  | 'SUPER_ADMIN'
  | 'TOKEN_ADMIN'
  | 'HELP_DESK'
  | 'REQUEST_APPROVER'
  | 'TOKEN_DISTRIBUTOR'
  | 'AUDITOR';

const PASSWORD = 'seven calm harbours';
let made = 0;
/** A suffix that no other test of the run has. */
export const unique = (): string =>
  `${process.pid.toString(36)}${Date.now().toString(36)}${(made++).toString(36)}`;

/** The Security Console's work over GraphQL, so that each test has its own people, profiles and tokens. */
export class AdminApi {
  readonly #origin: string;
  #cookie = '';

  constructor(port: number) {
    this.#origin = publicUrl(port);
  }

  async signIn(username: string, password: string): Promise<void> {
    const response = await this.#post('/auth/sign-in/username', { username, password });
    if (!response.ok) throw new Error(`${username} could not sign in: ${await response.text()}`);
    this.#cookie = response.headers.getSetCookie()[0]?.split(';')[0] ?? '';
  }

  /** Runs a document and answers its one field; a failure of a result union is thrown. */
  async run<Result>(query: string, variables: object = {}): Promise<Result> {
    const response = await this.#post('/graphql', { query, variables });
    const { data, errors } = (await response.json()) as { data?: Record<string, Answer>; errors?: unknown };
    const result = data && Object.values(data)[0];
    if (errors || !result || result.message) throw new Error(JSON.stringify(errors ?? result));
    return result as Result;
  }

  /** Moves the installation's clock, counted from the real time. */
  async moveClock(offsetSeconds: number): Promise<void> {
    const response = await this.#post('/test/clock', { offsetSeconds });
    if (!response.ok) throw new Error(`The clock did not move: ${response.status}`);
  }

  async makePerson(
    given: {
      givenName?: string;
      familyName?: string;
      userName?: string;
      roles?: Role[];
      mustChangePassword?: boolean;
    } = {},
  ): Promise<Person> {
    const { givenName = 'Ada', familyName = 'Ash', roles = [], mustChangePassword = false } = given;
    const userName = given.userName ?? `ada.${unique()}`;
    const email = `${userName}@example.org`;
    const { user } = await this.run<{ user: { id: string } }>(
      `mutation ($input: CreateUserInput!) { createUser(input: $input) {
        ... on UserError { message } ... on InvalidInput { fields { path message } }
        ... on CreateUserSuccess { user { id } } } }`,
      { input: { userName, givenName, familyName, email, password: PASSWORD, mustChangePassword, roles } },
    );
    return { id: user.id, userName, name: `${givenName} ${familyName}`, password: PASSWORD, email };
  }

  async setEnabled(person: Person, enabled: boolean): Promise<void> {
    await this.run(
      `mutation ($input: UpdateUserInput!) { updateUser(input: $input) {
        ... on UserError { message } ... on UpdateUserSuccess { user { id } } } }`,
      { input: { userId: person.id, enabled } },
    );
  }

  /** Changes what people can do in self-service; a profile list replaces the one before. */
  async setSelfService(input: object): Promise<void> {
    await this.run(
      `mutation ($input: UpdateSelfServiceSettingsInput!) { updateSelfServiceSettings(input: $input) {
        ... on UserError { message } ... on InvalidInput { fields { path message } }
        ... on UpdateSelfServiceSettingsSuccess { settings { qrMinutes } } } }`,
      { input },
    );
  }

  /** Changes how requests are decided. */
  async setWorkflow(input: object): Promise<void> {
    await this.run(
      `mutation ($input: UpdateWorkflowPolicyInput!) { updateWorkflowPolicy(input: $input) {
        ... on UserError { message } ... on UpdateWorkflowPolicySuccess { policy { approvalSteps } } } }`,
      { input },
    );
  }

  /** Takes every free token out of use, so that none can be given to a request. */
  async emptyStock(): Promise<void> {
    for (;;) {
      const { nodes } = await this.run<{ nodes: { id: string }[] }>(
        '{ tokens(first: 200, filter: { status: [UNASSIGNED] }) { nodes { id } } }',
      );
      if (nodes.length === 0) return;
      await this.run(
        `mutation ($ids: [ID!]!) { disableTokens(input: { tokenIds: $ids }) {
          ... on UserError { message } ... on DisableTokensSuccess { tokens { id } } } }`,
        { ids: nodes.map(({ id }) => id) },
      );
    }
  }

  /** Somebody asks for a token; answers the request's id. */
  static async ask(port: number, person: Person, profile: Profile, reason: string): Promise<string> {
    const asking = new AdminApi(port);
    await asking.signIn(person.userName, person.password);
    const { tokenRequest } = await asking.run<{ tokenRequest: { id: string } }>(
      `mutation ($input: RequestTokenInput!) { requestToken(input: $input) {
        ... on UserError { message } ... on RequestTokenSuccess { tokenRequest { id } } } }`,
      { input: { profileId: profile.id, reason } },
    );
    return tokenRequest.id;
  }

  /** Ids of the device definitions by device type. */
  async deviceTypes(): Promise<Map<string, string>> {
    const { nodes } = await this.run<{ nodes: { id: string; deviceType: string }[] }>(
      '{ deviceDefinitions(first: 200) { nodes { id deviceType } } }',
    );
    return new Map(nodes.map(({ id, deviceType }) => [deviceType, id]));
  }

  async makeProfile(
    deliveryMethod: 'CT_KIP_QR' | 'CT_KIP_URL' | 'OTPAUTH_QR' | 'FILE' | 'CTF',
    given: { deviceType?: string; name?: string; tokencodeLength?: number; tokencodeInterval?: number } = {},
  ): Promise<Profile> {
    const { deviceType = 'iOS 2.x', tokencodeLength = 8, tokencodeInterval = 60 } = given;
    const name =
      given.name ??
      `${deviceType} ${deliveryMethod.replace('CT_KIP_', '').replace('OTPAUTH_', '')} ${unique()}`;
    const deviceDefinitionId = (await this.deviceTypes()).get(deviceType);
    const { tokenProfile } = await this.run<{ tokenProfile: Profile }>(
      `mutation ($input: CreateTokenProfileInput!) { createTokenProfile(input: $input) {
        ... on UserError { message } ... on CreateTokenProfileSuccess { tokenProfile { id name } } } }`,
      { input: { name, deviceDefinitionId, deliveryMethod, tokencodeLength, tokencodeInterval } },
    );
    return tokenProfile;
  }

  async makeTokens(
    count = 1,
    expiresOn = '2036-12-31',
    algorithm: 'SECURID' | 'TOTP' = 'SECURID',
  ): Promise<MadeToken[]> {
    const { tokens } = await this.run<{ tokens: MadeToken[] }>(
      `mutation ($input: GenerateTokensInput!) { generateTokens(input: $input) {
        ... on UserError { message } ... on GenerateTokensSuccess { tokens { id serialNumber } } } }`,
      { input: { count, algorithm, expiresOn } },
    );
    return tokens;
  }

  async assign(person: Person, tokens: MadeToken[]): Promise<void> {
    await this.run(
      `mutation ($input: AssignTokensInput!) { assignTokens(input: $input) {
        ... on UserError { message } ... on AssignTokensSuccess { tokens { id } } } }`,
      { input: { userId: person.id, tokenIds: tokens.map(({ id }) => id) } },
    );
  }

  async distribute(
    token: MadeToken,
    profile: Profile,
    given: { formerSeed?: 'KEEP_UNTIL_CONFIRMED' | 'STOP_NOW' } = {},
  ): Promise<{ link: string | null }> {
    return this.run(
      `mutation ($input: DistributeTokenInput!) { distributeToken(input: $input) {
        ... on UserError { message } ... on DistributeTokenSuccess { link } } }`,
      { input: { tokenId: token.id, profileId: profile.id, ...given } },
    );
  }

  /** A token that somebody has. */
  async makeTokenFor(person: Person, algorithm: 'SECURID' | 'TOTP' = 'SECURID'): Promise<MadeToken> {
    const [token] = await this.makeTokens(1, undefined, algorithm);
    await this.assign(person, [token!]);
    return token!;
  }

  /** A token that waits for its owner's phone. */
  async makeWaitingToken(
    person: Person,
    profile: Profile,
    algorithm: 'SECURID' | 'TOTP' = 'SECURID',
  ): Promise<MadeToken> {
    const token = await this.makeTokenFor(person, algorithm);
    await this.distribute(token, profile);
    return token;
  }

  /** The address that a phone would follow, opened by the owner over GraphQL. */
  static async linkFor(port: number, person: Person, token: MadeToken): Promise<string> {
    const owner = new AdminApi(port);
    await owner.signIn(person.userName, person.password);
    const { link } = await owner.run<{ link: string }>(
      `mutation ($tokenId: ID!) { startActivation(input: { tokenId: $tokenId }) {
        ... on UserError { message } ... on StartActivationSuccess { link } } }`,
      { tokenId: token.id },
    );
    return link;
  }

  /** The owner types a code of an own token. */
  static async verify(port: number, person: Person, token: MadeToken, passcode: string): Promise<string> {
    const owner = new AdminApi(port);
    await owner.signIn(person.userName, person.password);
    const { outcome } = await owner.run<{ outcome: string }>(
      `mutation ($input: VerifyPasscodeInput!) { verifyPasscode(input: $input) {
        ... on UserError { message } ... on VerifyPasscodeSuccess { outcome } } }`,
      { input: { target: { serialNumber: token.serialNumber }, passcode } },
    );
    return outcome;
  }

  #post(path: string, body: object): Promise<Response> {
    return fetch(`${this.#origin}${path}`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Origin: this.#origin, Cookie: this.#cookie },
      body: JSON.stringify(body),
    });
  }
}
