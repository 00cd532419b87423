import classes from './Mark.module.css';

/** The mark: a disc broken in two along a zigzag; the halves come together once a token is active. */
export function Mark({ size = 28, joined = false }: { size?: number; joined?: boolean }) {
  return (
    <svg
      className={classes['mark']}
      data-joined={joined || undefined}
      width={size}
      height={size}
      viewBox="0 0 32 32"
      aria-hidden="true"
    >
      <path className={classes['left']} d="M16 2A14 14 0 0 0 16 30L13.4 23L17.2 18.6L12.8 13.6L16.6 8.6Z" />
      <path className={classes['right']} d="M16 2A14 14 0 0 1 16 30L13.4 23L17.2 18.6L12.8 13.6L16.6 8.6Z" />
    </svg>
  );
}
