import { GraphQLError } from 'graphql';
import { builder } from './builder.ts';

const rfc3339 = /^(?!0000)\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/;
const day = /^(?!0000)\d{4}-\d\d-\d\d$/;

builder.scalarType('DateTime', {
  description: 'A moment, RFC 3339, answered in UTC.',
  serialize: (value) => value.toISOString(),
  parseValue: (value) => {
    if (typeof value !== 'string' || !rfc3339.test(value) || Number.isNaN(Date.parse(value))) {
      throw new GraphQLError('A DateTime is written like 2026-11-23T09:30:00Z.');
    }
    return new Date(value);
  },
});

builder.scalarType('Date', {
  description: 'A day, YYYY-MM-DD.',
  serialize: (value) => value,
  parseValue: (value) => {
    const real =
      typeof value === 'string' &&
      day.test(value) &&
      !Number.isNaN(Date.parse(value)) &&
      new Date(value).toISOString().startsWith(value);
    if (!real) throw new GraphQLError('A Date is written like 2026-11-23.');
    return value;
  },
});
