import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { pages, placeOf, proseOf } from './pages.js';

/** The anchors of a page's headings, as GitHub and most viewers make them. */
const anchorsOf = (path: string): string[] =>
  [...proseOf(path).matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{Letter}\p{Number}\s_-]/gu, '')
      .replaceAll(' ', '-'),
  );

describe.each(pages)('%s', (page) => {
  it('leads to pages, sections and pictures that are there', () => {
    const links = [...proseOf(page).matchAll(/\]\((?!https?:)([^)\s]+)\)/g)].map(([, link = '']) => link);
    const isBroken = (link: string) => {
      const [path = '', anchor] = link.split('#');
      const target = path === '' ? page : join(dirname(page), path);
      if (!existsSync(placeOf(target))) return true;
      return anchor !== undefined && !anchorsOf(target).includes(anchor);
    };
    expect(links.filter(isBroken)).toEqual([]);
  });
});
