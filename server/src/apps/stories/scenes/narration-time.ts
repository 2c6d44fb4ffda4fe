/** Seconds that a narration of so many characters takes: five to a word, 130 words a minute (contract §5). */
export const estimatedSeconds = (characters: number): number => Math.ceil((characters / 5 / 130) * 60);
