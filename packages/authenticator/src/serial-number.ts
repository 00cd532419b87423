/** A serial number as people read it: `000123456789` as `0001 2345 6789`; one with letters as it is. */
export function groupSerialNumber(serialNumber: string): string {
  if (!/^\d{12}$/.test(serialNumber)) return serialNumber;
  return serialNumber.replace(/(\d{4})(?=\d)/g, '$1 ');
}

/** A serial number as it was typed: 12 digits with spaces or dashes, or 1 to 40 characters; undefined when it is none. */
export function readSerialNumber(typed: string): string | undefined {
  const digits = typed.replace(/[\s-]/g, '');
  if (/^\d{12}$/.test(digits)) return digits;
  return /^[A-Za-z0-9._-]{1,40}$/.test(typed) ? typed : undefined;
}
