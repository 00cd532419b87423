import type { ReactNode } from 'react';
import classes from './Facts.module.css';

type Fact = {
  label: string;
  value: ReactNode;
  /** Sentences, which take the whole width. */
  wide?: boolean;
};

/** Facts of an object in two columns, one on a phone; empty ones are left out. */
export function Facts({ items }: { items: Fact[] }) {
  return (
    <dl className={classes['facts']}>
      {items
        .filter(({ value }) => value !== null && value !== undefined && value !== '')
        .map(({ label, value, wide }) => (
          <div key={label} data-wide={wide}>
            <dt>{label}</dt>
            <dd>{value}</dd>
          </div>
        ))}
    </dl>
  );
}
