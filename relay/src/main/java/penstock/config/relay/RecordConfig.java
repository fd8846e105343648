package penstock.config.relay;

/**
 * How the feeds are recorded that have a directory for it. Immutable.
 *
 * @param maxSizeBytes size of a file, compressed, at which another one begins
 * @param maxAgeMs     age of a file at which another one begins
 * @param keepBytes    of all files of all feeds together; the oldest are deleted
 * @param keepForMs    older files are deleted
 * @param bufferBytes  of messages that wait to be written, outside the heap; a power of two
 */
public record RecordConfig(long maxSizeBytes, long maxAgeMs, long keepBytes, long keepForMs, int bufferBytes) {
}
