import { numbersInDigits } from './number-words.js';

const spoken: readonly (readonly [RegExp, string])[] = [
  [/\b(?:plus|and|add|added to)\b|\bet\b/g, '+'],
  [/\b(?:minus|less|take away|moins)\b/g, '-'],
  [/\b(?:times|multiplied by|fois|multiplié par)\b|[×x](?=\s*\d)/g, '*'],
  [/\b(?:divided by|over|divisé par)\b|÷/g, '/'],
];

/**
 * The result of the sum that a question asks for ("what is 3 plus 4 times 2?").
 *
 * @returns null when the question is no sum
 */
export function resultOfSum(question: string): { readonly sum: string; readonly result: number } | null {
  let text = numbersInDigits(question.toLowerCase());
  for (const [pattern, sign] of spoken) text = text.replace(pattern, sign);
  const sum = /[-+(]?\s*\d[\d\s.,()+*/-]*[+*/-][\d\s.,()+*/-]*\d\)?/
    .exec(text)?.[0]
    ?.replace(/(\d),(?=\d{3}\b)/g, '$1')
    .trim();
  if (!sum || sum.length > 100 || /^\d{4}-\d{2}-\d{2}$/.test(sum)) return null;
  const result = evaluate(sum.match(/\d+(?:\.\d+)?|[-+*/()]/g) ?? []);
  return result === null || !Number.isFinite(result) ? null : { sum, result };
}

function evaluate(tokens: readonly string[]): number | null {
  let at = 0;
  const factor = (): number => {
    const token = tokens[at++];
    if (token === '-') return -factor();
    if (token === '+') return factor();
    if (token !== '(') return token === undefined ? Number.NaN : Number(token);
    const inner = expression();
    return tokens[at++] === ')' ? inner : Number.NaN;
  };
  const term = (): number => {
    let value = factor();
    while (tokens[at] === '*' || tokens[at] === '/')
      value = tokens[at++] === '*' ? value * factor() : value / factor();
    return value;
  };
  const expression = (): number => {
    let value = term();
    while (tokens[at] === '+' || tokens[at] === '-')
      value = tokens[at++] === '+' ? value + term() : value - term();
    return value;
  };
  const value = expression();
  return at === tokens.length && !Number.isNaN(value) ? value : null;
}
