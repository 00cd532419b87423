import type { InputFieldMap, InputShapeFromFields } from '@pothos/core';
import { Failure, type FailureKind } from '../lib/failure.ts';
import { type Builder, builder } from './builder.ts';
import type { GraphQLContext } from './context.ts';
import { failureTypes } from './failures.ts';
import type { FieldPermission } from './permission-plugin.ts';

type InputBuilder = PothosSchemaTypes.InputFieldBuilder<Builder['$inferSchemaTypes'], 'InputObject'>;
type SuccessBuilder<Shape> = PothosSchemaTypes.ObjectFieldBuilder<Builder['$inferSchemaTypes'], Shape>;
type SuccessFields<Shape> = Parameters<
  ReturnType<typeof builder.objectRef<Shape>>['implement']
>[0] extends { fields?: (t: SuccessBuilder<Shape>) => infer Fields }
  ? Fields
  : never;

/**
 * One mutation in the contract's form: `doThing(input: DoThingInput!): DoThingResult!` with
 * `union DoThingResult = DoThingSuccess | …failures`. `run` calls the action; a Failure that it throws becomes the
 * union's member, everything else is masked by the server.
 */
export function mutation<Fields extends InputFieldMap, Success extends object>(
  name: string,
  options: {
    description?: string;
    permission: FieldPermission;
    input: (t: InputBuilder) => Fields;
    success: (t: SuccessBuilder<Success>) => SuccessFields<Success>;
    failures: FailureKind[];
    run: (context: GraphQLContext, input: InputShapeFromFields<Fields>) => Promise<Success>;
  },
): void {
  const Name = name[0]!.toUpperCase() + name.slice(1);
  const Input = builder.inputType(`${Name}Input`, { fields: options.input });
  const SuccessRef = builder.objectRef<Success>(`${Name}Success`);
  SuccessRef.implement({ fields: options.success as never });
  const Result = builder.unionType(`${Name}Result`, {
    types: [SuccessRef, ...options.failures.map((kind) => failureTypes[kind])],
    resolveType: (value: unknown) => (value instanceof Failure ? value.kind : `${Name}Success`),
  });
  builder.mutationField(name, (t) =>
    t.field({
      type: Result as never,
      permission: options.permission,
      ...(options.description ? { description: options.description } : {}),
      args: { input: t.arg({ type: Input, required: true }) },
      resolve: (async (_root: unknown, args: { input: unknown }, context: GraphQLContext) => {
        try {
          return await options.run(context, args.input as InputShapeFromFields<Fields>);
        } catch (error) {
          if (error instanceof Failure && options.failures.includes(error.kind)) return error;
          throw error;
        }
      }) as never,
    }),
  );
}
