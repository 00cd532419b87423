import SchemaBuilder, { BasePlugin, type PothosOutputFieldConfig, type SchemaTypes } from '@pothos/core';
import { type GraphQLFieldResolver, GraphQLError } from 'graphql';
import type { Permission } from '../auth/permissions.ts';
import type { GraphQLContext } from './context.ts';

/**
 * `PUBLIC` for everybody · `SIGNED_IN` for whoever has a session or an API key · `IN_PERSON` for whoever has a session: what
 * people do for themselves, and no program for them · else a permission of the caller's roles, and of the key's.
 */
export type FieldPermission = 'PUBLIC' | 'SIGNED_IN' | 'IN_PERSON' | Permission;

declare global {
  export namespace PothosSchemaTypes {
    export interface Plugins<Types extends SchemaTypes> {
      permission: PermissionPlugin<Types>;
    }
    export interface FieldOptions {
      /** Who may select this field. Every field of Query, Mutation and Subscription has one. */
      permission?: FieldPermission;
    }
  }
}

const roots = new Set(['Query', 'Mutation', 'Subscription']);

/**
 * Deny by default: a root field without a permission does not build, and a caller without the permission is told
 * UNAUTHENTICATED or FORBIDDEN before the field's resolver runs.
 */
class PermissionPlugin<Types extends SchemaTypes> extends BasePlugin<Types> {
  override onOutputFieldConfig(field: PothosOutputFieldConfig<Types>) {
    const permission = permissionOf(field);
    if (roots.has(field.parentType) && !permission) {
      throw new Error(`${field.parentType}.${field.name} has no permission.`);
    }
    return permission ? { ...field, extensions: { ...field.extensions, permission } } : field;
  }

  override wrapResolve(
    resolver: GraphQLFieldResolver<unknown, Types['Context'], object>,
    field: PothosOutputFieldConfig<Types>,
  ): GraphQLFieldResolver<unknown, Types['Context'], object> {
    const permission = permissionOf(field);
    if (!permission || permission === 'PUBLIC' || field.kind === 'Subscription') return resolver;
    return (source, args, context, info) => {
      requirePermission(context as unknown as GraphQLContext, permission);
      return resolver(source, args, context, info);
    };
  }

  override wrapSubscribe(
    subscriber: GraphQLFieldResolver<unknown, Types['Context'], object> | undefined,
    field: PothosOutputFieldConfig<Types>,
  ): GraphQLFieldResolver<unknown, Types['Context'], object> | undefined {
    const permission = permissionOf(field);
    if (!subscriber || !permission || permission === 'PUBLIC') return subscriber;
    return (source, args, context, info) => {
      requirePermission(context as unknown as GraphQLContext, permission);
      return subscriber(source, args, context, info);
    };
  }
}

const permissionOf = (field: { pothosOptions: unknown }): FieldPermission | undefined =>
  (field.pothosOptions as { permission?: FieldPermission }).permission;

/** @throws GraphQLError UNAUTHENTICATED or FORBIDDEN */
export function requirePermission(context: GraphQLContext, permission: FieldPermission): void {
  if (permission === 'PUBLIC') return;
  const { viewer } = context;
  if (!viewer) throw refusal('UNAUTHENTICATED', 'Sign in first.');
  if (viewer.mustChangePassword) {
    throw refusal('PASSWORD_CHANGE_REQUIRED', 'Change your password first (POST /auth/change-password).');
  }
  if (permission === 'SIGNED_IN') return;
  if (permission === 'IN_PERSON') {
    if (!viewer.apiKey) return;
    throw refusal('FORBIDDEN', 'People do this for themselves, signed in. An API key may not.');
  }
  if (!viewer.permissions.has(permission)) {
    throw refusal('FORBIDDEN', `This needs the permission ${permission}.`);
  }
}

const refusal = (code: string, message: string) => new GraphQLError(message, { extensions: { code } });

SchemaBuilder.registerPlugin('permission', PermissionPlugin);
