import { useFormatter, useTranslations } from 'use-intl';
import { graphql } from '../gql';

/** What screens show of a finding. */
export const AddressFindingFragment = graphql(`
  fragment AddressFinding on AddressFinding {
    code
    severity
    message
    advice
    params {
      name
      value
    }
  }
`);

type Finding = {
  code: string;
  message: string;
  advice?: string | null;
  params: { name: string; value: string }[];
};

const DAY = /^\d{4}-\d\d-\d\d$/;

/** Puts a finding into words, by its code where the catalogue knows it, else as the server said it. */
export function useFindingText(): (finding: Finding) => { text: string; todo: string | null } {
  const t = useTranslations('addresses.finding');
  const format = useFormatter();
  const shown = (value: string) =>
    DAY.test(value)
      ? format.dateTime(new Date(`${value}T00:00:00Z`), { dateStyle: 'medium', timeZone: 'UTC' })
      : value;
  return ({ code, message, advice, params }) => {
    const values = Object.fromEntries(params.map(({ name, value }) => [name, shown(value)])) as never;
    const say = (key: string) => (t.has(key as never) ? t(key as never, values) : undefined);
    const text = say(`${code}.text`);
    return text === undefined
      ? { text: message, todo: advice ?? null }
      : { text, todo: say(`${code}.todo`) ?? null };
  };
}
