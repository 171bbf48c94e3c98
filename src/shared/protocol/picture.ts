/** Row-major bytes, [height, width, channels]; 1 channel is grey, 3 are red, green and blue. */
export interface PictureData {
  readonly height: number;
  readonly width: number;
  readonly channels: 1 | 3;
  readonly pixels: Uint8Array;
}
