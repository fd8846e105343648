package penstock.config.relay;

/**
 * The audit log. Immutable.
 *
 * @param file           path of its file; null = the log of the relay
 * @param oneIn          of the sessions that end well, one in this number is logged; 0 = none
 * @param linesPerSecond lines of each cause per second; 0 = no limit
 * @param fileSizeBytes  size of one file
 * @param files          files that are kept, with the one that is written
 */
public record AuditConfig(String file, int oneIn, int linesPerSecond, long fileSizeBytes, int files) {
}
