/** A serial number as people read it: `000123456789` as `0001 2345 6789`. */
export function groupSerialNumber(serialNumber: string): string {
  return serialNumber.replace(/(\d{4})(?=\d)/g, '$1 ');
}

/** The 12 digits of a serial number typed with spaces or dashes; undefined when it is none. */
export function readSerialNumber(typed: string): string | undefined {
  const digits = typed.replace(/[\s-]/g, '');
  return /^\d{12}$/.test(digits) ? digits : undefined;
}
