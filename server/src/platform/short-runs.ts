const RUN = /\S[\s\S]{0,199}(?=\s|$)|\S{1,200}/gu;

/**
 * Cuts a text at white space into runs of at most about 200 characters, for word segmentation: V8's `Intl.Segmenter` copies its
 * whole input into every segment, so that the time and memory for one long text grow with its square. Words end at white
 * space in every script, so nothing changes but for words that are longer than that.
 */
export const shortRuns = (text: string): readonly string[] => text.match(RUN) ?? [];
