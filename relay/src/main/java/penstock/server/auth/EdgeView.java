package penstock.server.auth;

import java.util.List;

/**
 * An edge, as the operator sees it. Immutable.
 *
 * @param name     what it is called here
 * @param link     the name of its session at this relay; null while it is not connected
 * @param address  of its peer, the last one
 * @param sinceUs  when its link began, or ended, in microseconds since 1970
 * @param sessions that it has reported
 */
public record EdgeView(String name, String link, String address, long sinceUs, List<ReportedSession> sessions) {
}
