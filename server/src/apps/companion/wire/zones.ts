/** Minutes that a zone's clocks are ahead of UTC at an instant; 0 for a zone that this system does not know. */
export function minutesEastOfUtc(timeZone: string, instant: number): number {
  let name: string | undefined;
  try {
    name = new Intl.DateTimeFormat('en', { timeZone, timeZoneName: 'longOffset' })
      .formatToParts(instant)
      .find(({ type }) => type === 'timeZoneName')?.value;
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
  }
  const [, sign, hours = '0', minutes = '0'] = /([+-])(\d{2}):(\d{2})/.exec(name ?? '') ?? [];
  return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes));
}
