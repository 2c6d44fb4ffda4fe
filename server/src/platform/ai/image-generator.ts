/** `<width>x<height>` in pixels, for example `1024x1536`. */
export type ImageSize = `${number}x${number}`;

export interface Picture {
  readonly data: Uint8Array;
  readonly mediaType: 'image/png' | 'image/jpeg' | 'image/webp';
}

/** How the hero looks, in words of any of five languages ("dark brown, curly"); what is left out is chosen by the name. */
export interface SceneHero {
  readonly name?: string;
  /** Years. */
  readonly age?: number;
  readonly hair?: string;
  readonly eyes?: string;
  readonly skin?: string;
  readonly outfit?: string;
  readonly traits?: readonly string[];
}

/** What is to be seen, for the engine that draws by itself. Everything in words; what is not known is left out. */
export interface Scene {
  /** Null: a picture without a person. */
  readonly hero?: SceneHero | null;
  /** "a forest by the sea". */
  readonly place?: string;
  /** "day", "dusk", "night". */
  readonly timeOfDay?: string;
  /** "joyful", "peaceful", "mysterious". */
  readonly mood?: string;
  readonly objects?: readonly string[];
  readonly companions?: readonly string[];
}

export interface ImageRequest {
  /** What to draw, in words. */
  readonly prompt: string;
  /** Default `1024x1024`. An upstream draws the nearest shape it offers. */
  readonly size?: ImageSize;
  /** Default `standard`. */
  readonly quality?: 'standard' | 'hd';
  /** A picture whose hero and style are to be kept. */
  readonly reference?: Picture;
  /** `generationId` of an earlier picture whose hero is to be kept; engines that remember nothing ignore it. */
  readonly previousGenerationId?: string;
  /** Read by the built-in engine instead of the prompt's words; upstreams go by the prompt. */
  readonly scene?: Scene;
  /** Another picture of the same words; engines that cannot choose ignore it. */
  readonly seed?: number;
}

export interface ImageOptions {
  /** The upstream's model, where the caller may choose it; else the server's. */
  readonly model?: string;
  /** The caller's own key for the upstream, used for this call only. */
  readonly apiKey?: string;
  readonly signal?: AbortSignal;
}

export interface GeneratedImage extends Picture {
  /** For `previousGenerationId`, from engines that can go on from it. */
  readonly generationId?: string;
  /** What was really drawn, when the upstream changed the words. */
  readonly revisedPrompt?: string;
}

/** Draws pictures. */
export interface ImageGenerator {
  readonly engine: 'builtin' | 'openai';
  /** The model that draws when the caller names none. */
  readonly model: string;
  /**
   * Draws one picture.
   *
   * @throws AppError with words fit for the user; the signal's reason when the signal is aborted
   */
  generate(request: ImageRequest, options?: ImageOptions): Promise<GeneratedImage>;
  /** Stops the engine's threads; calls still running are refused. */
  close(): Promise<void>;
}
