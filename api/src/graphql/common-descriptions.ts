import SchemaBuilder, {
  BasePlugin,
  type PothosInputFieldConfig,
  type PothosOutputFieldConfig,
  type SchemaTypes,
} from '@pothos/core';

declare global {
  export namespace PothosSchemaTypes {
    export interface Plugins<Types extends SchemaTypes> {
      commonDescriptions: CommonDescriptionsPlugin<Types>;
    }
  }
}

/** Fields of any object. */
const everywhere: Record<string, string> = {
  id: 'Opaque text; `node(id:)` answers the object by it.',
  createdAt: 'When it was made.',
  finishedAt: 'When it ended; null: it has not.',
  startedAt: 'When it began; null: it has not.',
};

/** Fields of what a mutation answers when it is done. */
const inSuccess: Record<string, string> = {
  activation: 'The activation as it is now.',
  apiKey: 'The API key as it is now, without the key itself.',
  branding: 'The look as it is now.',
  deletedId: 'Id of what was deleted.',
  deviceDefinition: 'The device definition that was added.',
  file: 'The file as it is now.',
  job: 'The job as it is now.',
  distribution: 'The distribution as it is now.',
  generatedPassword: 'The password that was generated, shown this once; null when one was given.',
  mail: 'The mail as it is now.',
  policy: 'The policy as it is now.',
  settings: 'The settings as they are now.',
  template: 'The text in force now.',
  token: 'The token as it is now.',
  tokenProfile: 'The token profile as it is now.',
  tokenRequest: 'The request as it is now.',
  tokens: 'The tokens as they are now.',
  user: 'The user as they are now.',
};

/** Arguments and input fields of any field. */
const inInput: Record<string, string> = {
  first: 'So many rows from the beginning, or behind `after`: 1 to 200. Default 50.',
  after: 'Rows behind this cursor only: `pageInfo.endCursor` of the page before.',
  last: 'So many rows before the end, or before `before`: 1 to 200. Not together with `first`.',
  before: 'Rows before this cursor only: `pageInfo.startCursor` of the page behind.',
  filter: 'Only rows that match all that is given. Default: all rows.',
  id: 'Its id, as answered before.',
  activationId: 'Id of the activation.',
  apiKeyId: 'Id of the API key.',
  deviceDefinitionId: 'Id of the device definition.',
  distributionId: 'Id of the distribution.',
  fileId: 'Id of the file.',
  jobId: 'Id of the job.',
  mailId: 'Id of the mail.',
  profileId: 'Id of the token profile.',
  requestId: 'Id of the request.',
  requestIds: 'Ids of 1 to 200 requests.',
  sessionId: 'Id of the session.',
  tokenId: 'Id of the token.',
  tokenIds: 'Ids of 1 to 200 tokens.',
  userId: 'Id of the user.',
  givenName: '1 to 128 characters.',
  familyName: '1 to 128 characters.',
  comment: 'Goes to the requester by mail. At most 2000 characters.',
  note: 'Stays with the administrators. At most 2000 characters.',
  password: 'At least 10 characters, and not easy to guess. Default: one is generated, and answered once.',
};

/**
 * Gives words that mean the same wherever they stand their description, where the field has none of its own. A sentence
 * belongs here only if it is true for each of its fields.
 */
class CommonDescriptionsPlugin<Types extends SchemaTypes> extends BasePlugin<Types> {
  override onOutputFieldConfig(field: PothosOutputFieldConfig<Types>): PothosOutputFieldConfig<Types> {
    const words = field.parentType.endsWith('Success') ? inSuccess : everywhere;
    return { ...field, description: field.description ?? words[field.name] };
  }

  override onInputFieldConfig(field: PothosInputFieldConfig<Types>): PothosInputFieldConfig<Types> {
    return { ...field, description: field.description ?? inInput[field.name] };
  }
}

SchemaBuilder.registerPlugin('commonDescriptions', CommonDescriptionsPlugin);
