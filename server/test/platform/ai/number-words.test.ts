import { expect, it } from 'vitest';
import { resultOfSum } from '../../../src/platform/ai/builtin/arithmetic.js';
import { numbersInDigits } from '../../../src/platform/ai/builtin/number-words.js';

it.each([
  ['twenty five', '25'],
  ['twenty-five', '25'],
  ['one hundred and two', '102'],
  ['a hundred', 'a 100'],
  ['three thousand four hundred and fifty six', '3456'],
  ['two million', '2000000'],
  ['two and three', '2 and 3'],
  ['five six seven', '5 6 7'],
  ['twenty thirty', '20 30'],
  ['nineteen eighty four', '19 84'],
  ['three point one four', '3.14'],
  ['someone is often late', 'someone is often late'],
  ['zero', '0'],
])('writes "%s" as "%s"', (words, digits) => {
  expect(numbersInDigits(words)).toBe(digits);
});

it('does sums as a recogniser writes them down', () => {
  expect(resultOfSum('What is twenty five plus seventeen')?.result).toBe(42);
  expect(resultOfSum('what is one hundred and five divided by five')?.result).toBe(21);
  expect(resultOfSum('what is two and three')?.result).toBe(5);
});
