import { type UseFormReturnType, useForm } from '@mantine/form';
import { type FormEvent, useState } from 'react';

type Saved<Values> = (values: Values) => Promise<boolean>;

export type SettingsForm<Values> = {
  form: UseFormReturnType<Values>;
  changed: boolean;
  saved: boolean;
  submit: (event?: FormEvent<HTMLFormElement>) => void;
};

/** One group of settings: what stands in its form, whether that differs from what is kept, and its saving. */
export function useSettingsForm<Values extends Record<string, unknown>>(
  kept: Values,
  save: Saved<Values>,
): SettingsForm<Values> {
  const [saved, setSaved] = useState(false);
  const form = useForm<Values>({ initialValues: kept });
  return {
    form,
    changed: form.isDirty(),
    saved,
    submit: form.onSubmit(async (values) => {
      if (!(await save(values))) return;
      form.resetDirty(values);
      setSaved(true);
    }),
  };
}
