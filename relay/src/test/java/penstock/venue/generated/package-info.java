/**
 * Recordings that we write ourselves, one per venue file: random quotes, trades and books in the venue's format, with
 * right sequence numbers and checksums. Nothing in them comes from a venue. {@code GeneratedRecording} is the entry
 * point; {@code src/test/resources/recordings} has the short ones as files.
 *
 * <p>Thread: any one. Does not know about the relay's own parsers, so that it can judge them.
 */
package penstock.venue.generated;
