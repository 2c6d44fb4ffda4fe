/** Keeps the screen on until the function that it returns is called; where there is no such thing, it does nothing. */
export function keepScreenOn(): () => void {
  if (!('wakeLock' in navigator)) return () => undefined;
  // A refusal (low battery, hidden page) changes nothing but the comfort.
  const lock = navigator.wakeLock.request('screen').catch(() => null);
  return () => void lock.then((held) => held?.release()).catch(() => undefined);
}
