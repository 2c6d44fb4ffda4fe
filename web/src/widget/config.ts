export type WidgetTheme = 'auto' | 'light' | 'dark';

/** What the page that embeds the chat says on its script element. */
export interface WidgetConfig {
  /** Where Earshot answers, without a slash at the end. */
  readonly server: string;
  readonly appId: string;
  readonly apiKey: string;
  readonly title: string;
  readonly greeting: string;
  readonly side: 'left' | 'right';
  readonly theme: WidgetTheme;
  /** `#rrggbb`, or null for Earshot's own green. */
  readonly color: string | null;
}

const hexColor = /^#[0-9a-f]{6}$/i;

/**
 * Reads `data-app-id`, `data-api-key` and the optional `data-server`, `data-title`, `data-greeting`,
 * `data-position`, `data-theme`, `data-color` of the script element.
 *
 * @throws Error saying which attribute is missing
 */
export function readConfig(script: HTMLScriptElement): WidgetConfig {
  const { appId, apiKey, server, title, greeting, position, theme, color } = script.dataset;
  if (!appId) throw new Error('the attribute data-app-id is missing');
  if (!apiKey) throw new Error('the attribute data-api-key is missing');
  return {
    server: (server ?? new URL(script.src).origin).replace(/\/$/, ''),
    appId,
    apiKey,
    title: title || 'Chat with us',
    greeting:
      greeting || 'Write to us here. The answer appears in this window, also when you come back later.',
    side: position === 'left' ? 'left' : 'right',
    theme: theme === 'light' || theme === 'dark' ? theme : 'auto',
    color: color && hexColor.test(color) ? color : null,
  };
}

/** Black or white, whichever reads better on a color `#rrggbb` (relative luminance of WCAG 2). */
export function textOn(color: string): string {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const share = Number.parseInt(color.slice(at, at + 2), 16) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  const luminance = 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  return luminance > 0.179 ? '#10201a' : '#ffffff';
}
