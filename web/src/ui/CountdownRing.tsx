import classes from './CountdownRing.module.css';

/** A ring that empties with the time; amber for the last half minute. The seconds are told in words beside it. */
export function CountdownRing({ left, whole }: { left: number; whole: number }) {
  return (
    <svg
      className={classes['ring']}
      data-late={left <= 30 || undefined}
      viewBox="0 0 28 28"
      aria-hidden="true"
    >
      <circle className={classes['track']} cx="14" cy="14" r="11" />
      <circle
        className={classes['left']}
        cx="14"
        cy="14"
        r="11"
        pathLength="100"
        strokeDasharray={`${Math.min(100, (left / whole) * 100)} 100`}
      />
    </svg>
  );
}
