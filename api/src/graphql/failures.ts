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

export const ErrorParam = builder
  .objectRef<{ name: string; value: string }>('ErrorParam')
  .implement({ fields: (t) => ({ name: t.exposeString('name'), value: t.exposeString('value') }) });

const UserError = builder.interfaceRef<FailureAnswer>('UserError').implement({
  description:
    'An expected failure. `code` is stable and documented; `message` is English and says what to do.',
  fields: (t) => ({
    code: t.exposeString('code'),
    message: t.exposeString('message'),
    params: t.field({
      type: [ErrorParam],
      resolve: ({ params }) =>
        Object.entries(params).map(([name, value]) => ({ name, value: String(value) })),
    }),
  }),
});

const FieldErrorRef = builder.objectRef<FieldError>('FieldError').implement({
  fields: (t) => ({
    path: t.exposeString('path'),
    code: t.exposeString('code'),
    message: t.exposeString('message'),
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
      fields: t.field({ type: [FieldErrorRef], resolve: ({ extra }) => extra.fields ?? [] }),
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
    fields: (t) => ({ limit: t.int({ resolve: ({ extra }) => extra.limit ?? 0 }) }),
  }),
  Unsupported: plain(
    'Unsupported',
    'The chosen device type or profile cannot do this; the message says what would.',
  ),
  BadFile: builder.objectRef<FailureAnswer>('BadFile').implement({
    description: 'A file or definition that cannot be read; where, if it is known.',
    interfaces: [UserError],
    fields: (t) => ({
      line: t.int({ nullable: true, resolve: ({ extra }) => extra.line ?? null }),
      serialNumber: t.string({ nullable: true, resolve: ({ extra }) => extra.serialNumber ?? null }),
    }),
  }),
  BadPassword: plain('BadPassword', 'The password does not open the file.'),
} satisfies Record<FailureKind, unknown>;
