package penstock.feed.report;

/**
 * One connection of a feed. Texts have no secrets. Immutable.
 *
 * @param group    the number of the group whose items it subscribes to; a group of a redundant feed has two
 * @param url      where it is connected to, or will be next
 * @param state    its state
 * @param lastLoss how it was lost last; null if it never was
 * @param items    what it subscribes to at the venue
 * @param requests requests that the venue has not answered yet, or that wait for its rate limit
 * @param isMoving another connection is about to take its place
 */
public record ConnectionReport(int group, String url, State state, Loss lastLoss, int items, int requests,
        boolean isMoving) {
    /**
     * Where it is.
     *
     * @param word   the state in a word, in lower case
     * @param forMs  for how long
     * @param detail the last event, for people
     */
    public record State(String word, long forMs, String detail) {
    }

    /**
     * The end of a connection.
     *
     * @param what  how it ended, for people
     * @param agoMs when
     */
    public record Loss(String what, long agoMs) {
    }
}
