import type { Failure, FailureKind, FieldError } from '../lib/failure.ts';
import { builder } from './builder.ts';

/** A failure as an answer: graphql-js takes any Error that a resolver answers for one that was thrown. */
export class FailureAnswer {
  readonly kind: FailureKind;
  readonly code: string;
  readonly message: string;
  readonly params: Failure['params'];
  readonly extra: Failure['extra'];

  constructor({ kind, code, message, params, extra }: Failure) {
    this.kind = kind;
    this.code = code;
    this.message = message;
    this.params = params;
    this.extra = extra;
  }
}

export const ErrorParam = builder.objectRef<{ name: string; value: string }>('ErrorParam').implement({
  description: 'A name or number that a message holds.',
  fields: (t) => ({
    name: t.exposeString('name', { description: 'What it is, for instance `serialNumber` or `limit`.' }),
    value: t.exposeString('value', { description: 'As text, also when it is a number.' }),
  }),
});

const UserError = builder.interfaceRef<FailureAnswer>('UserError').implement({
  description:
    'An expected failure. `code` is stable and documented; `message` is English and says what to do.',
  fields: (t) => ({
    code: t.exposeString('code', {
      description: 'What went wrong, as a stable literal. Compare this one; docs/error-codes.md lists all.',
    }),
    message: t.exposeString('message', {
      description: 'The same for people: English, and what to do about it. Its words may change.',
    }),
    params: t.field({
      type: [ErrorParam],
      description: 'Names and numbers of the message, for a message of your own.',
      resolve: ({ params }) =>
        Object.entries(params).map(([name, value]) => ({ name, value: String(value) })),
    }),
  }),
});

const FieldErrorRef = builder.objectRef<FieldError>('FieldError').implement({
  description: 'Why one field of the input was refused.',
  fields: (t) => ({
    path: t.exposeString('path', {
      description: 'The field by its dotted path without `input.`, for instance `offers.0.helpUrl`.',
    }),
    code: t.exposeString('code', {
      description: 'What is wrong with it, as a stable literal; docs/error-codes.md lists all.',
    }),
    message: t.exposeString('message', { description: 'The same for people, in English.' }),
  }),
});

const plain = (name: FailureKind, description: string) =>
  builder.objectRef<FailureAnswer>(name).implement({ description, interfaces: [UserError] });

/** Failure kind → its type in the schema. */
export const failureTypes = {
  InvalidInput: builder.objectRef<FailureAnswer>('InvalidInput').implement({
    description:
      'Some input was refused; `fields` names each by its dotted path without `input.`, with a reason a person can act on.',
    interfaces: [UserError],
    fields: (t) => ({
      fields: t.field({
        type: [FieldErrorRef],
        description: 'Each refused field, with the reason.',
        resolve: ({ extra }) => extra.fields ?? [],
      }),
    }),
  }),
  NotFound: plain('NotFound', 'There is no such object, or none that the caller may see.'),
  InvalidState: plain(
    'InvalidState',
    'The object is not in a state that allows this: already assigned, disabled, expired, not distributed, …',
  ),
  Conflict: plain(
    'Conflict',
    'Somebody else was first, the name or serial number is taken, or the preview no longer holds.',
  ),
  LimitReached: builder.objectRef<FailureAnswer>('LimitReached').implement({
    description: 'A limit of the installation is reached.',
    interfaces: [UserError],
    fields: (t) => ({
      limit: t.int({ description: 'The most that is allowed.', resolve: ({ extra }) => extra.limit ?? 0 }),
    }),
  }),
  Unsupported: plain(
    'Unsupported',
    'The chosen device type or profile cannot do this; the message says what would.',
  ),
  BadFile: builder.objectRef<FailureAnswer>('BadFile').implement({
    description: 'A file or definition that cannot be read; where, if it is known.',
    interfaces: [UserError],
    fields: (t) => ({
      line: t.int({
        nullable: true,
        description: 'Line of the file, from 1; null if it is not known.',
        resolve: ({ extra }) => extra.line ?? null,
      }),
      serialNumber: t.string({
        nullable: true,
        description: 'Serial number of the token at fault; null if no one token is.',
        resolve: ({ extra }) => extra.serialNumber ?? null,
      }),
    }),
  }),
  BadPassword: plain('BadPassword', 'The password does not open the file.'),
} satisfies Record<FailureKind, unknown>;
