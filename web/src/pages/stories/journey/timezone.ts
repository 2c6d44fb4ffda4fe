/** IANA name of the zone whose days are counted. */
export const timezone = Intl.DateTimeFormat().resolvedOptions().timeZone;
