package penstock.feed.report;

/**
 * The recording of a feed. Immutable.
 *
 * @param dir      its directory
 * @param file     the name of the file that is written; null = there is none, because nothing came or the disk fails
 * @param failure  why the disk does not take it; null = it does
 * @param messages how many are in it, since the start of the relay
 * @param lost     how many are missing in it
 */
public record RecordingReport(String dir, String file, String failure, long messages, long lost) {
}
