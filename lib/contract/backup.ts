/** Header of a backup: how many bytes it has. Next sends what streams in chunks, without a length. */
export const BACKUP_BYTES = "headwater-bytes";
