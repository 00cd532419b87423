import { builder } from '../../graphql/builder.ts';
import { connectionType, pageArgs } from '../../graphql/connection.ts';
import { globalId, readGlobalId, rowId } from '../../graphql/ids.ts';
import { mutation } from '../../graphql/mutation.ts';
import { deleteDeviceDefinition } from './delete-device-definition.ts';
import { DeviceDefinition, visibleDeviceDefinition } from './device-definition-type.ts';
import { importDeviceDefinition } from './import-device-definition.ts';
import { listDeviceDefinitions } from './list-device-definitions.ts';
import type { DeviceDefinitionRow } from './table.ts';

const DeviceDefinitionConnection = connectionType('DeviceDefinition', DeviceDefinition);

builder.queryFields((t) => ({
  deviceDefinition: t.field({
    type: DeviceDefinition,
    nullable: true,
    permission: 'SIGNED_IN',
    description: 'A device definition by its id, with PROFILES_READ; else null.',
    args: { id: t.arg.id({ required: true }) },
    resolve: (_root, { id }, context) => {
      const read = readGlobalId(id);
      return read?.typename === 'DeviceDefinition' ? visibleDeviceDefinition(context, read.id) : null;
    },
  }),
  deviceDefinitions: t.field({
    type: DeviceDefinitionConnection,
    permission: 'PROFILES_READ',
    description: 'Device definitions by device type.',
    args: pageArgs(t),
    resolve: (_root, args, { deps }) => listDeviceDefinitions(deps, args),
  }),
}));

mutation<{ deviceDefinition: DeviceDefinitionRow }>()('importDeviceDefinition', {
  permission: 'PROFILES_MANAGE',
  description: 'Adds a device type from its definition file (XML, at most 256 KiB).',
  input: (t) => ({
    definition: t.string({ required: true, description: 'The definition file (XML), as text.' }),
  }),
  success: (t) => ({
    deviceDefinition: t.field({
      type: DeviceDefinition,
      resolve: ({ deviceDefinition }) => deviceDefinition,
    }),
  }),
  failures: ['InvalidInput', 'BadFile', 'Conflict'],
  run: async ({ deps }, input) => ({ deviceDefinition: await importDeviceDefinition(deps, input) }),
});

mutation<{ deletedId: string }>()('deleteDeviceDefinition', {
  permission: 'PROFILES_MANAGE',
  description: 'Deletes an imported device type that no profile uses.',
  input: (t) => ({ deviceDefinitionId: t.id({ required: true }) }),
  success: (t) => ({
    deletedId: t.id({ resolve: ({ deletedId }) => globalId('DeviceDefinition', deletedId) }),
  }),
  failures: ['NotFound', 'InvalidState'],
  run: async ({ deps }, input) => ({
    deletedId: await deleteDeviceDefinition(deps, {
      deviceDefinitionId: rowId('DeviceDefinition', input.deviceDefinitionId),
    }),
  }),
});
