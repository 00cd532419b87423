import { createTheme, type MantineColorsTuple } from '@mantine/core';

/** Deep blue-green, the one colour of acts. */
const ink: MantineColorsTuple = [
  '#e6f5f6',
  '#cfe6e8',
  '#a0cdd1',
  '#6db3b9',
  '#459da5',
  '#2a8f98',
  '#188892',
  '#04757f',
  '#006670',
  '#00535c',
];

/** A heading, also where a long name breaks it. */
const dialogTitle = { fontSize: 'var(--mantine-font-size-lg)', fontWeight: 600, lineHeight: 1.4 };

export const theme = createTheme({
  colors: { ink },
  primaryColor: 'ink',
  primaryShade: { light: 8, dark: 7 },
  autoContrast: true,
  fontFamily: "'Inter Variable', system-ui, sans-serif",
  fontFamilyMonospace: 'ui-monospace, SFMono-Regular, Menlo, Consolas, monospace',
  fontSizes: { xs: '0.75rem', sm: '0.875rem', md: '0.875rem', lg: '1rem', xl: '1.25rem' },
  headings: {
    fontWeight: '600',
    textWrap: 'balance',
    sizes: { h1: { fontSize: '1.5rem' }, h2: { fontSize: '1.125rem' }, h3: { fontSize: '1rem' } },
  },
  defaultRadius: 'md',
  cursorType: 'pointer',
  respectReducedMotion: true,
  components: {
    Modal: {
      defaultProps: { centered: true, closeButtonProps: { 'aria-label': 'Close' } },
      styles: { title: dialogTitle },
    },
    Drawer: {
      defaultProps: { closeButtonProps: { 'aria-label': 'Close' } },
      styles: { title: dialogTitle },
    },
    // Upright on a phone only, where the step at hand stands alone: no line to a next one.
    Stepper: {
      styles: {
        verticalSeparator: { display: 'none' },
        step: { alignItems: 'center', minHeight: 0, margin: 0 },
      },
    },
    // The frame carries the colour; words stay readable in both schemes.
    Alert: { styles: { title: { color: 'var(--mantine-color-text)' } } },
    Anchor: { defaultProps: { underline: 'hover' } },
    // A menu holds its items and nothing else; the first one takes the focus.
    Menu: { defaultProps: { withInitialFocusPlaceholder: false } },
  },
});
