/** What a store that was read to the end holds. */
export interface StoreContents {
  readonly spans: number;
  /** Unix milliseconds of the last commit; 0 when there is none. */
  readonly lastReceivedMs: number;
}
