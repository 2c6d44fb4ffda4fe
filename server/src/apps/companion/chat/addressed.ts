/** Facts are kept in the third person; the user is told them in the second: "The user lives in Lyon." → "You live in Lyon." */
export const addressed = (fact: string): string => {
  const told = fact
    .replace(/\bthe user's\b/gi, 'your')
    .replace(/\bthe user(?: ([a-z]+(?:'t)?))?/gi, (_, verb: string | undefined) =>
      verb === undefined ? 'you' : `you ${secondPerson(verb)}`,
    );
  return told.charAt(0).toUpperCase() + told.slice(1);
};

const irregular: Readonly<Record<string, string>> = {
  is: 'are',
  was: 'were',
  has: 'have',
  does: 'do',
  "doesn't": "don't",
  "isn't": "aren't",
  "wasn't": "weren't",
  always: 'always',
  sometimes: 'sometimes',
};

function secondPerson(verb: string): string {
  const known = irregular[verb.toLowerCase()];
  if (known) return known;
  if (/[^aeiou]ies$/.test(verb)) return `${verb.slice(0, -3)}y`;
  if (/(?:ss|x|ch|sh|o)es$/.test(verb)) return verb.slice(0, -2);
  return /[^s]s$/.test(verb) ? verb.slice(0, -1) : verb;
}
