import { useTranslations } from 'use-intl';

/** Puts a failure into words: by its code where the catalogue knows it, else as the server said it. */
export function useFailureText(): (failure: {
  code: string;
  message: string;
  params: { name: string; value: string }[];
}) => string {
  const t = useTranslations('failures');
  return ({ code, message, params }) => {
    if (!t.has(code as never)) return message;
    return t(code as never, Object.fromEntries(params.map(({ name, value }) => [name, value])) as never);
  };
}
