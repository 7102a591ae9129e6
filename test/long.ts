/** Whether this is `npm run test:long`, in which what takes minutes runs too. */
export const isLong = process.env['SHOAL_LONG'] === '1';
