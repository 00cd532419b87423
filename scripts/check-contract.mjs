// contract.graphql is what integrators' programs are written against: schema.graphql must keep all of it that has landed.
import { readFileSync } from 'node:fs';
import { buildASTSchema, findBreakingChanges, parse, visit } from 'graphql';
import { at } from './paths.mjs';

/** The parts whose work has landed; each work adds its own name. */
const LANDED = ['REQUESTS'];

const contract = keepLanded(parse(readFileSync(at('contract.graphql'), 'utf8')));
const schema = parse(readFileSync(at('schema.graphql'), 'utf8'));
const breaking = findBreakingChanges(build(contract), build(schema)).filter(
  // The mark itself is no promise.
  (change) => !change.description.startsWith('part '),
);
for (const { type, description } of breaking) console.log(`${type}: ${description}`);
if (breaking.length > 0) process.exitCode = 1;
else console.log('schema.graphql keeps the contract.');

function build(document) {
  return buildASTSchema(document, { assumeValidSDL: true });
}

/** Without the definitions and fields of parts to come, and without union members that went with them. */
function keepLanded(document) {
  const isToCome = (node) =>
    node.directives?.some(({ name, arguments: given }) => {
      const part = given?.find((argument) => argument.name.value === 'of')?.value;
      return name.value === 'part' && !LANDED.includes(part?.value);
    }) ?? false;
  const dropToCome = (node) => (isToCome(node) ? null : undefined);
  const kept = visit(document, { enter: dropToCome });
  const known = new Set(kept.definitions.map((definition) => definition.name?.value));
  return visit(kept, {
    UnionTypeDefinition: (node) => ({
      ...node,
      types: node.types.filter((type) => known.has(type.name.value)),
    }),
    FieldDefinition: (node) => (refersToKnown(node.type, known) ? undefined : null),
    InputValueDefinition: (node) => (refersToKnown(node.type, known) ? undefined : null),
    DirectiveDefinition: (node) => (node.name.value === 'part' ? null : undefined),
    EnumTypeDefinition: (node) => (node.name.value === 'Part' ? null : undefined),
  });
}

function refersToKnown(type, known) {
  if (type.kind !== 'NamedType') return refersToKnown(type.type, known);
  return known.has(type.name.value) || ['ID', 'String', 'Int', 'Float', 'Boolean'].includes(type.name.value);
}
