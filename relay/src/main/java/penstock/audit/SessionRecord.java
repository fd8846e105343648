package penstock.audit;

/**
 * What the audit log says of a session. It never holds a token. Immutable.
 *
 * @param id        the name of the session in its welcome
 * @param endpoint  {@code ws}, {@code raw} or {@code sse}
 * @param principal the client's name; null = the relay does not ask who its clients are
 * @param address   the client's address and port
 * @param openedNs  when it began, by the monotonic clock of its io thread
 * @param isSampled whether the log has it even if it ends well
 */
public record SessionRecord(String id, String endpoint, String principal, String address, long openedNs,
        boolean isSampled) {
}
