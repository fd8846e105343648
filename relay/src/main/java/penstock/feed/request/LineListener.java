package penstock.feed.request;

import penstock.venue.spec.ControlKind;

/**
 * Events on one line that change more than a topic: login, gaps, the first update, messages that are not data. Never
 * called for each tick. Called on the feed thread.
 */
public interface LineListener {
    /** The login script is done. */
    void onLoggedIn();

    /** {@code isFatal}: trying again would not help. */
    void onLoginFailed(String what, boolean isFatal);

    /** The image of a topic is behind the venue's until its next update. */
    void onTopicStale(int topic);

    /** The venue does not answer: the line is of no use; with the reason. */
    void onUnanswered(String what);

    /** The snapshot of a book that was asked for fits its changes: they can be published. */
    void onBookSynced();

    /** Messages are missing that only a new connection can bring. */
    void onUnrecoverable(String what);

    /** Updates arrive, and the connection was not live. */
    void onFirstUpdate(long receivedNs);

    /** The candidate of a rollover can replace the present line. */
    void onReadyToTakeOver();

    /** A message that is not data. */
    void onControl(ControlKind kind, byte[] frame, int offset, int length);

    /** A message that no rule could use. */
    void onUnused(byte[] frame, int offset, int length);
}
