package penstock.fanout.subscription;

import penstock.fanout.format.FrameFormat;
import penstock.fanout.format.SessionFormat;
import penstock.thread.ThreadOwner;

/**
 * The facts about a session that its subscriptions are given at birth. {@code owner} is the owner of the whole shard.
 * Immutable.
 *
 * @param hasMessages see {@link SessionFormat#hasMessages}
 */
public record SessionProfile(int number, boolean hasMessages, FrameFormat frames, ThreadOwner owner) {
    /** Of a session of {@code format}. */
    public SessionProfile(final int number, final SessionFormat format, final ThreadOwner owner) {
        this(number, format.hasMessages(), format.frames(), owner);
    }

    /** Whether the client may send requests after the first one. */
    public boolean takesRequests() {
        return hasMessages && frames.isTwoWay();
    }
}
