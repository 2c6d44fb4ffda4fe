import { describe, expect, it } from 'vitest';
import { createPasswords } from '../../../src/platform/identity/passwords.js';

const cheap = { logN: 4, r: 1, p: 1 };

describe('passwords', () => {
  it('are verified against a hash that holds its own salt and cost', async () => {
    const passwords = createPasswords({ cost: cheap });
    const [one, two] = await Promise.all([passwords.hash('open sesame'), passwords.hash('open sesame')]);
    expect(one).toMatch(/^\$scrypt\$ln=4,r=1,p=1\$[\w-]{22}\$[\w-]{43}$/);
    expect(one).not.toBe(two);
    expect(await passwords.verify('open sesame', one)).toBe(true);
    expect(await passwords.verify('Open sesame', one)).toBe(false);
    expect(await createPasswords({ cost: { logN: 6, r: 2, p: 1 } }).verify('open sesame', one)).toBe(true);
  });

  it('cost what the cheat sheet asks for unless told otherwise', async () => {
    const passwords = createPasswords();
    const encoded = await passwords.hash('pässwörd');
    expect(encoded).toMatch(/^\$scrypt\$ln=15,r=8,p=3\$/);
    expect(await passwords.verify('pa\u0308ssw\u00f6rd', encoded)).toBe(true); // composed or not, it is one password
  });

  it('are refused, after the same work, when nobody has the name', async () => {
    const passwords = createPasswords({ cost: { logN: 12, r: 8, p: 1 }, concurrency: 1 });
    const encoded = await passwords.hash('open sesame');
    const time = async (hash: string | null) => {
      const started = performance.now();
      for (let round = 0; round < 5; round += 1) await passwords.verify('wrong', hash);
      return performance.now() - started;
    };
    await time(encoded);
    const [known, unknown] = [await time(encoded), await time(null)];
    expect(await passwords.verify('open sesame', null)).toBe(false);
    expect(unknown / known).toBeGreaterThan(0.3);
    expect(unknown / known).toBeLessThan(3);
  });

  it('are worked on one at a time when there is one place, and refused when too many wait', async () => {
    const passwords = createPasswords({ cost: { logN: 10, r: 8, p: 1 }, concurrency: 1 });
    const results = await Promise.allSettled(Array.from({ length: 220 }, () => passwords.hash('x')));
    const refused = results.filter(({ status }) => status === 'rejected');
    expect(refused).toHaveLength(220 - 201);
    expect(refused[0]).toMatchObject({ reason: { statusCode: 503 } });
    expect(await passwords.hash('y')).toContain('$scrypt$');
  });

  it('match no hash that this server did not write', async () => {
    const passwords = createPasswords({ cost: cheap });
    for (const foreign of ['', 'plain', '$2b$12$abc', '$scrypt$ln=40,r=8,p=1$AAAA$'.concat('A'.repeat(43))]) {
      expect(await passwords.verify('plain', foreign)).toBe(false);
    }
  });
});
