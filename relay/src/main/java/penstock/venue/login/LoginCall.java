package penstock.venue.login;

/**
 * One attempt to connect.
 *
 * @param url   the configured address, with its placeholders
 * @param nowMs time in ms since 1970
 * @param nowNs monotonic time
 */
public record LoginCall(String url, long nowMs, long nowNs) {
}
