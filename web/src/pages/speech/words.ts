/** 65 → "1:05", 3725 → "1:02:05". */
export function clockTime(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const tail = String(whole % 60).padStart(2, '0');
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return `${minutes}:${tail}`;
  return `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, '0')}:${tail}`;
}

/** 65 → "1 minute 5 seconds", for assistive technology. */
export function spokenTime(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const minutes = Math.floor(whole / 60);
  const rest = whole % 60;
  const inSeconds = `${rest} ${rest === 1 ? 'second' : 'seconds'}`;
  return minutes === 0 ? inSeconds : `${minutes} ${minutes === 1 ? 'minute' : 'minutes'} ${inSeconds}`;
}

/** Decimal units, as file managers show them. */
export function fileSize(bytes: number): string {
  if (bytes < 1_000) return `${bytes} B`;
  if (bytes < 1_000_000) return `${Math.round(bytes / 1_000)} kB`;
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
}

/** "expires in 6 days"; the unit is the largest of which there is at least one and a half. */
export function expiry(expiresAt: number, now: number): string {
  const hours = (expiresAt - now) / 3_600_000;
  if (hours <= 0) return 'expired';
  if (hours >= 36) return `expires in ${Math.round(hours / 24)} days`;
  if (hours >= 1.5) return `expires in ${Math.round(hours)} hours`;
  const minutes = Math.max(1, Math.round(hours * 60));
  return `expires in ${minutes} ${minutes === 1 ? 'minute' : 'minutes'}`;
}

/** How many characters people mean: Unicode code points. */
export function codePoints(text: string): number {
  let count = text.length;
  for (let at = 0; at < text.length - 1; at += 1) {
    const unit = text.charCodeAt(at);
    const next = text.charCodeAt(at + 1);
    if (unit >= 0xd800 && unit <= 0xdbff && next >= 0xdc00 && next <= 0xdfff) count -= 1;
  }
  return count;
}

/** A title as a file name on any system. */
export function fileName(title: string, extension: string): string {
  const safe = Array.from(title, (char) => ('\\/:*?"<>|'.includes(char) || char < ' ' ? ' ' : char))
    .join('')
    .replace(/\s+/g, ' ')
    .replace(/[. …]+$/, '')
    .trim();
  return `${safe || 'earshot'}.${extension}`;
}
