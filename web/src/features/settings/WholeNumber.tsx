import { NumberInput, type NumberInputProps } from '@mantine/core';

type WholeNumberProps = Omit<NumberInputProps, 'allowDecimal' | 'allowNegative'>;

/** A field for a whole number, never empty: the API takes nothing else. */
export function WholeNumber(props: WholeNumberProps) {
  return <NumberInput required withAsterisk={false} {...props} allowDecimal={false} allowNegative={false} />;
}
