package penstock.link;

import java.util.List;

/**
 * Where a link is at one moment. Immutable.
 *
 * @param where    its connection
 * @param hops     the ids of the relays from the one with the venue's connection to the one in front; empty before the
 *                 first welcome
 * @param epoch    that of the relay in front; 0 before the first welcome
 * @param lagNs    how old the newest update that was published was then, since the first relay received it, and how
 *                 long nothing has come since; -1 before the first byte
 * @param silentNs how long no byte has come; -1 before the first one
 * @param held     what waits for its position, in bytes
 */
public record LinkReading(Where where, List<String> hops, long epoch, long lagNs, long silentNs, long held) {
    /**
     * Its connection.
     *
     * @param state   in lower case
     * @param isLive  whether all has come that was missed
     * @param sinceUs when it came to that state, in microseconds since 1970
     * @param url     of the relay in front, or of the one that is tried
     * @param detail  the last event, for people; without secrets
     */
    public record Where(String state, boolean isLive, long sinceUs, String url, String detail) {
    }
}
