import classes from './SpelledCode.module.css';

/** A code in groups of four for the eye, and one character after the other for screen readers. */
export function SpelledCode({ value }: { value: string }) {
  const groups = value.match(/.{1,4}/g) ?? [];
  return (
    <>
      <span aria-hidden="true">
        {groups.map((group, index) => (
          // The same four characters may stand in two places.
          <span key={index} className={classes['group']}>
            {group}
          </span>
        ))}
      </span>
      <span className={`visually-hidden ${classes['spelled']}`}>{[...value].join(' ')}</span>
    </>
  );
}
