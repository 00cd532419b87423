import { type MailEvent, mailEventFacts } from './mail-events.ts';
import { type FilledVariables, htmlPage, textPage } from './mail-layout.ts';
import { type Piece, readPieces, readTemplate } from './mail-template-pieces.ts';

type Template = { subject: string; body: string };

const MAX_SUBJECT = 200;
const MAX_BODY = 5000;
const MASK = '••••••';

/**
 * A mail from its template: plain text and HTML say the same. Values are text everywhere; they begin no line, no tag
 * and no variable. A paragraph is left out when one of its variables is empty.
 * @throws Error for a template in which `templateProblems` finds tags that are no variables
 */
export function renderMail(
  event: MailEvent,
  template: Template,
  values: Record<string, string>,
): { subject: string; text: string; html: string } {
  const { subject, paragraphs } = readTemplate(template);
  const filled = valuesOf(event, values);
  const isComplete = (paragraph: Piece[]) =>
    paragraph.every((piece) => !('variable' in piece) || filled.has(piece.variable));
  const shown = paragraphs.filter(isComplete);
  const line = oneLine(
    subject.map((piece) => ('text' in piece ? piece.text : valueAt(filled, piece))).join(''),
  );
  const product = oneLine(values['productName'] ?? '');
  return {
    subject: line,
    text: textPage(shown, filled),
    html: htmlPage(shown, filled, { subject: line, product }),
  };
}

/** Sample values of all variables of an event. */
export const sampleValues = (event: MailEvent): Record<string, string> =>
  Object.fromEntries(mailEventFacts[event].variables.map(({ name, sample }) => [name, sample]));

/** The values with `••••••` for every secret of the event, whether or not it was among them. */
export const maskValues = (event: MailEvent, values: Record<string, string>): Record<string, string> => ({
  ...values,
  ...Object.fromEntries(
    mailEventFacts[event].variables.filter(({ secret }) => secret).map(({ name }) => [name, MASK]),
  ),
});

/** Why a text cannot be used for an event's mail, in sentences; empty when it can. */
export function templateProblems(event: MailEvent, template: Template): string[] {
  const { subject, body } = template;
  const problems: string[] = [];
  const require = (holds: boolean, problem: string) => {
    if (!holds) problems.push(problem);
  };
  require(subject.trim() !== '', 'The subject is empty.');
  require(body.trim() !== '', 'The text is empty.');
  require(subject.length <= MAX_SUBJECT, `The subject has more than ${MAX_SUBJECT} characters.`);
  require(body.length <= MAX_BODY, `The text has more than ${MAX_BODY} characters.`);
  require(!/[\r\n\u2028\u2029]/.test(subject.trim()), 'The subject has more than one line.');
  require(!/:\/\/|www\.|mailto:/i.test(`${subject}\n${body}`), 'Links come from variables only.');
  problems.push(...tagProblems(event, template));
  return [...new Set(problems)];
}

function tagProblems(event: MailEvent, template: Template): string[] {
  // A long text was refused already, and parsing what somebody pasted by accident takes its time.
  if (template.subject.length > MAX_BODY || template.body.length > 2 * MAX_BODY) return [];
  let subject: Piece[];
  let body: Piece[];
  try {
    subject = readPieces(template.subject);
    body = readTemplate(template).paragraphs.flat();
  } catch (error) {
    return [(error as Error).message];
  }
  const { variables } = mailEventFacts[event];
  const known = variables.map(({ name }) => `{{${name}}}`).join(', ');
  const namesIn = (pieces: Piece[]) =>
    pieces.flatMap((piece) => ('variable' in piece ? [piece.variable] : []));
  const variableOf = (name: string) => variables.find((variable) => variable.name === name);
  return [
    ...variables
      .filter(({ name, secret }) => secret && !namesIn(body).includes(name))
      .map(({ name }) => `Without {{${name}}} this mail is of no use.`),
    ...[...namesIn(subject), ...namesIn(body)]
      .filter((name) => !variableOf(name))
      .map((name) => `{{${name}}} is unknown in this mail. Known are ${known}.`),
    ...namesIn(subject)
      .filter((name) => variableOf(name)?.secret)
      .map((name) => `{{${name}}} is secret: subjects are shown on locked screens. Use it in the text.`),
  ];
}

/** The event's variables that have a value; whatever else was given is no variable of this mail. */
function valuesOf(event: MailEvent, values: Record<string, string>): FilledVariables {
  const filled = mailEventFacts[event].variables.map((variable) => {
    const value = plainText(Object.hasOwn(values, variable.name) ? values[variable.name]! : '');
    return [
      variable.name,
      { ...variable, value: variable.kind === 'url' ? value : withoutLinks(value) },
    ] as const;
  });
  return new Map(filled.filter(([, { value }]) => value !== ''));
}

const valueAt = (filled: FilledVariables, { variable }: { variable: string }): string =>
  filled.get(variable)?.value ?? '';

const WEB_ADDRESS =
  /(?:[a-z][a-z\d+.-]{0,20}:\/\/|mailto:|www\.|(?<![\p{L}\d.-])(?:[\p{L}\d-]{1,63}\.){1,9}\p{L}{2,63}[/?#:])\S*/giu;

/**
 * Addresses of pages written so that mail programs make no link of what somebody typed: `https[:]//evil[.]example`. A bare
 * `evil.example` stays: it looks like a user name.
 */
const withoutLinks = (value: string): string =>
  value.replace(WEB_ADDRESS, (address) =>
    address
      .replaceAll('://', '[:]//')
      .replace(/^mailto:/i, 'mailto[:]')
      .replaceAll('.', '[.]'),
  );

/** Without line breaks, other control characters, and the marks that turn the direction of the text around them. */
const plainText = (value: string): string =>
  value
    .toWellFormed()
    .replace(/[\s\u2028\u2029\u0085]+/g, ' ')
    .replace(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu, '')
    .trim();

function oneLine(value: string): string {
  const line = plainText(value);
  if (line.length <= MAX_SUBJECT) return line;
  // A cut through a pair of surrogates would leave half a character.
  return `${line.slice(0, MAX_SUBJECT - 1).replace(/[\ud800-\udbff]$/, '')}…`;
}
