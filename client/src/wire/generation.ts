/** What the server makes with its intelligence (contract §3.1, §3.2, §3.6). */

export type StoryGenerate = {
  readonly heroId: string;
  readonly language: string;
  readonly eventType?: string;
  readonly customEventId?: string;
  readonly customPrompt?: string;
  readonly generateAudio?: boolean;
  readonly generateIllustrations?: boolean;
};

export type AvatarResult = {
  readonly heroId: string;
  readonly avatarUrl: string;
  readonly generationId?: string | null;
};

export type AudioResult = {
  readonly audioUrl: string;
  readonly audioDuration: number;
  readonly status: string;
  readonly voice?: string;
};

export type IllustrationsProgress = {
  readonly status: string;
  /** 0 to 100. */
  readonly progress: number;
  readonly total: number;
  readonly completed: number;
  readonly processing: number;
  readonly failed: number;
  readonly pending: number;
  readonly illustrations: readonly {
    readonly id: string;
    readonly displayOrder: number;
    readonly status: string;
    readonly error?: string | null;
    readonly retryCount: number;
    readonly hasImage: boolean;
  }[];
};
