const ONES =
  'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen'.split(
    ' ',
  );
const TENS = 'twenty thirty forty fifty sixty seventy eighty ninety'.split(' ');
const SCALES: Readonly<Record<string, number>> = {
  thousand: 1_000,
  million: 1_000_000,
  billion: 1_000_000_000,
};

const values = new Map<string, number>([
  ...ONES.map((word, value) => [word, value] as const),
  ...TENS.map((word, index) => [word, (index + 2) * 10] as const),
]);
const word = [...values.keys(), 'hundred', ...Object.keys(SCALES)].join('|');
/** "and" belongs to a number only behind a hundred or a thousand: "two and three" are two numbers. */
const phrase = new RegExp(
  `\\b(?:${word})(?:[\\s-]+(?:${word})|(?<=hundred|thousand|million)\\s+and\\s+(?:${word}))*(?:\\s+point(?:\\s+(?:${ONES.slice(0, 10).join('|')}))+)?\\b`,
  'g',
);

/** English numbers in words as digits, as recognisers write what was spoken: "twenty five plus one hundred and two" → "25 plus 102". */
export const numbersInDigits = (text: string): string =>
  text.replace(phrase, (found) => {
    const [whole = '', fraction] = found.split(/\s+point\s+/);
    const digits = fraction
      ?.split(/\s+/)
      .map((one) => ONES.indexOf(one))
      .join('');
    return wholeNumbers(whole).join(' ') + (digits ? `.${digits}` : '');
  });

/** One number, or several where the words of one do not go together ("two three"). */
function wholeNumbers(phraseOfOne: string): string[] {
  const numbers: number[] = [];
  let total = 0;
  let current: number | undefined;
  for (const one of phraseOfOne.split(/[\s-]+/)) {
    const value = values.get(one);
    if (one === 'and') continue;
    if (one === 'hundred') current = (current ?? 1) * 100;
    else if (SCALES[one] !== undefined) {
      total += (current ?? 1) * (SCALES[one] ?? 1);
      current = undefined;
    } else if (value !== undefined) {
      if (current === undefined) current = value;
      else if (current > 0 && current % 10 === 0 && value < (current % 100 === 0 ? 100 : 10))
        current += value;
      else {
        numbers.push(total + current);
        total = 0;
        current = value;
      }
    }
  }
  if (current !== undefined || total > 0) numbers.push(total + (current ?? 0));
  return numbers.map(String);
}
