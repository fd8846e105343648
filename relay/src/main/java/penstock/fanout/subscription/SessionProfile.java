package penstock.fanout.subscription;

import penstock.fanout.format.FrameFormat;
import penstock.thread.ThreadOwner;

/**
 * The facts about a session that its subscriptions are given at birth: its format, and its answers that every write
 * needs. {@code owner} is the owner of the whole shard. Immutable.
 */
public record SessionProfile(int number, FrameFormat format, boolean hasMessages, boolean isShared, ThreadOwner owner) {
    /** Of a session of {@code format}. */
    public SessionProfile(final int number, final FrameFormat format, final ThreadOwner owner) {
        this(number, format, format.hasMessages(), format.isShared(), owner);
    }
}
