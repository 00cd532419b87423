import { Checkbox, Skeleton } from '@mantine/core';
import { type ReactNode, useEffect, useState } from 'react';
import { useTranslations } from 'use-intl';
import classes from './DataTable.module.css';

export type Column<Row> = {
  key: string;
  header: string;
  cell: (row: Row) => ReactNode;
  width?: number | string;
};

type DataTableProps<Row> = {
  /** What the table shows, for screen readers. */
  label: string;
  rows: readonly Row[] | undefined;
  columns: Column<Row>[];
  rowKey: (row: Row) => string;
  selection?: {
    selected: ReadonlySet<string>;
    onChange: (selected: Set<string>) => void;
    name: (row: Row) => string;
  };
  /** Shown in place of the table when there are no rows. */
  empty: ReactNode;
};

/** Rows of 40 px, or cards on a phone. The first cell holds the link to the detail page. */
export function DataTable<Row>({ label, rows, columns, rowKey, selection, empty }: DataTableProps<Row>) {
  const t = useTranslations('common');
  if (!rows) return <DelayedSkeleton />;
  if (rows.length === 0) return empty;
  const keys = rows.map(rowKey);
  const toggle = (changed: string[], on: boolean) => {
    const next = new Set(selection?.selected);
    for (const key of changed) {
      if (on) next.add(key);
      else next.delete(key);
    }
    selection?.onChange(next);
  };
  const all = keys.every((key) => selection?.selected.has(key));
  return (
    <div className={classes['scroll']}>
      <table className={classes['table']} aria-label={label}>
        <thead>
          <tr>
            {selection && (
              <th className={classes['check']}>
                <Checkbox
                  size="xs"
                  aria-label={t('selectAllRows')}
                  checked={all}
                  indeterminate={!all && keys.some((key) => selection.selected.has(key))}
                  onChange={(event) => toggle(keys, event.currentTarget.checked)}
                />
              </th>
            )}
            {columns.map(({ key, header, width }) => (
              <th key={key} scope="col" style={{ width }}>
                {header}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={rowKey(row)} data-selected={selection?.selected.has(rowKey(row)) || undefined}>
              {selection && (
                <td className={classes['check']}>
                  <Checkbox
                    size="xs"
                    aria-label={t('selectRow', { name: selection.name(row) })}
                    checked={selection.selected.has(rowKey(row))}
                    onChange={(event) => toggle([rowKey(row)], event.currentTarget.checked)}
                  />
                </td>
              )}
              {columns.map(({ key, header, cell }) => (
                <td key={key} data-label={header}>
                  {cell(row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** Grey rows, but only for who waits longer than 300 ms. */
export function DelayedSkeleton({ rows = 6 }: { rows?: number }) {
  const [visible, setVisible] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setVisible(true), 300);
    return () => clearTimeout(timer);
  }, []);
  return (
    <div aria-busy="true" style={{ minHeight: rows * 40, visibility: visible ? 'visible' : 'hidden' }}>
      {Array.from({ length: rows }, (_, row) => (
        <Skeleton key={row} height={24} my={8} />
      ))}
    </div>
  );
}
