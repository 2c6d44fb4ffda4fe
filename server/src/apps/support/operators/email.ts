import { supportErrors } from '../errors.js';

/** One character before, one after, and no white space: everything stricter refuses addresses that exist. */
const EMAIL = /^[^\s@]+@[^\s@]+$/;
/** RFC 5321 §4.5.3.1.3: the longest path, without its angle brackets. */
const MAX_LENGTH = 254;

/** How an address is stored and compared: without regard to case or surrounding white space. */
export const normaliseEmail = (email: string): string => email.trim().toLowerCase();

/**
 * The same for an address that an account is made for.
 *
 * @throws AppError 400 `VALIDATION_ERROR`
 */
export function newEmail(email: string): string {
  const address = normaliseEmail(email);
  if (address.length > MAX_LENGTH || !EMAIL.test(address)) {
    throw supportErrors.validation('This is not an e-mail address.', { field: 'email' });
  }
  return address;
}
