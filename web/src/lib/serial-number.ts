/** `000123456789` as `0001 2345 6789`, the way it is shown; serial numbers of other lengths as they are. */
export const groupSerialNumber = (serialNumber: string): string =>
  /^\d{12}$/.test(serialNumber) ? serialNumber.replace(/(.{4})(?=.)/g, '$1 ') : serialNumber;
