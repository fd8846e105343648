package penstock.usage.ledger;

/**
 * What a scan of a file found. Immutable.
 *
 * @param lines      complete lines
 * @param lastHash   the hash in the last complete line; null without one
 * @param goodBytes  bytes up to the end of the last complete line
 * @param tornBytes  bytes behind it: a line that a crash cut off, or one that is being written
 * @param firstBreak null if the chain holds; an unfinished last line is no break
 */
public record ScannedFile(long lines, String lastHash, long goodBytes, long tornBytes, ChainBreak firstBreak) {
}
