export interface ImageRequest {
  /** What to draw, in words. */
  readonly prompt: string;
  /** Pixels. */
  readonly width: number;
  readonly height: number;
}

export interface GeneratedImage {
  readonly data: Uint8Array;
  readonly mediaType: 'image/png' | 'image/jpeg' | 'image/webp';
}

/** Draws a picture. Throws AppError with words fit for the user. */
export interface ImageGenerator {
  generate(request: ImageRequest, options?: { readonly signal?: AbortSignal }): Promise<GeneratedImage>;
}
