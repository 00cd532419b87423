import type { FieldMap, InputFieldMap, InputShapeFromFields } from '@pothos/core';
import { Failure, type FailureKind } from '../lib/failure.ts';
import { type Builder, builder } from './builder.ts';
import type { GraphQLContext } from './context.ts';
import { FailureAnswer, failureTypes } from './failures.ts';
import type { FieldPermission } from './permission-plugin.ts';

/** Postgres error code. */
const DEADLOCK_DETECTED = '40P01';

type SchemaTypes = Builder['$inferSchemaTypes'];
type InputBuilder = PothosSchemaTypes.InputFieldBuilder<SchemaTypes, 'InputObject'>;
type SuccessBuilder<Success> = PothosSchemaTypes.ObjectFieldBuilder<SchemaTypes, Success>;

type MutationOptions<Success, Fields extends InputFieldMap> = {
  description?: string;
  /** What there is to say of input and success as a whole, behind the sentence that every mutation has. */
  about?: { input?: string; success?: string };
  permission: FieldPermission;
  input: (t: InputBuilder) => Fields;
  success: (t: SuccessBuilder<Success>) => FieldMap;
  failures: FailureKind[];
  /** Calls the action; runs once the permission is known to be held. */
  run: (context: GraphQLContext, input: InputShapeFromFields<Fields>) => Promise<Success>;
};

/**
 * Two acts that wait for each other's rows: Postgres undoes one of them, which is whole when it is done again.
 */
async function onceMoreAfterDeadlock<T>(act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    const { cause } = error as { cause?: { code?: string } };
    if (cause?.code !== DEADLOCK_DETECTED) throw error;
    return act();
  }
}

/**
 * One mutation in the contract's form: `doThing(input: DoThingInput!): DoThingResult!` with
 * `union DoThingResult = DoThingSuccess | …failures`. A Failure that `run` throws becomes the union's member, anything
 * else is masked by the server. Called as `mutation<Success>()(name, options)`: the first call names the type of what
 * `run` answers, the second infers the input's.
 */
export const mutation =
  <Success extends object>() =>
  <Fields extends InputFieldMap>(name: string, options: MutationOptions<Success, Fields>): void => {
    const Name = name[0]!.toUpperCase() + name.slice(1);
    const Input = builder.inputType(`${Name}Input`, {
      description: [`What \`${name}\` takes.`, options.about?.input].filter(Boolean).join(' '),
      fields: options.input,
    });
    const SuccessRef = builder.objectRef<Success>(`${Name}Success`);
    builder.objectType(SuccessRef, {
      description: [`What \`${name}\` answers when it is done.`, options.about?.success]
        .filter(Boolean)
        .join(' '),
      fields: options.success as never,
    });
    const Result = builder.unionType(`${Name}Result`, {
      description: `\`${Name}Success\`, or why \`${name}\` could not be done. More failures may join: read the rest by \`... on UserError\`.`,
      types: [SuccessRef, ...options.failures.map((kind) => failureTypes[kind])] as never,
      resolveType: (value: unknown) => (value instanceof FailureAnswer ? value.kind : `${Name}Success`),
    });
    builder.mutationField(name, (t) =>
      t.field({
        type: Result as never,
        permission: options.permission,
        description: options.description,
        args: { input: t.arg({ type: Input, required: true, description: `See \`${Name}Input\`.` }) },
        resolve: async (_root: unknown, args, context) => {
          const { input } = args as { input: InputShapeFromFields<Fields> };
          try {
            return (await onceMoreAfterDeadlock(() => options.run(context, input))) as never;
          } catch (error) {
            if (error instanceof Failure && options.failures.includes(error.kind))
              return new FailureAnswer(error) as never;
            throw error;
          }
        },
      }),
    );
  };
