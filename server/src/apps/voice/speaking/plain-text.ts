/** Markdown reduced to what can be read aloud (contract §7): marks and addresses go, words stay. */
export function plainText(markdown: string): string {
  return markdown
    .replace(/```[^\n]*\n([\s\S]*?)(```|$)/g, '$1')
    .replace(/!?\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/^[ \t]{0,3}(#{1,6}|>|[-*+]|\d+\.)[ \t]+/gm, '')
    .replace(/^[ \t]*([-*_][ \t]*){3,}$/gm, '')
    .replace(/(\*\*|__|~~|`)(.+?)\1/g, '$2')
    .replace(/(?<![\w*])[*_](\S[^*_\n]*?)[*_](?![\w*])/g, '$1')
    .replace(/\bhttps?:\/\/\S+/g, '')
    .replace(/[ \t]{2,}/g, ' ')
    .trim();
}
