package penstock.ring;

/** Receives the events of the feed in the order in which they happened. Called on the shard's io thread. */
public interface TickHandler {
    /** No topic is concerned. */
    int NO_TOPIC = -1;

    /**
     * A new topic; its first update or state follows. The symbol is unescaped UTF-8 in {@code payloads}.
     *
     * @param sinceQ how many of its updates another relay had numbered before the first one that follows, else 0
     */
    void onTopic(int topic, int channel, byte[] payloads, int offset, int length, long sinceQ);

    /** An update of a topic; the tick and its payload are valid during the call. */
    void onValue(Tick tick, byte[] payloads);

    /**
     * One topic changed its state at position {@code p}: after the updates before this call. A later update makes the
     * topic live again by itself. {@code reason} may be null.
     */
    void onTopicState(int topic, TopicState state, String reason, long sinceUs, long p);

    /**
     * The value of a topic is good though its feed was lost after it, and is back: there was no update meanwhile. Only
     * a relay behind another one knows that. A reader that keeps no values need not know.
     */
    default void onTopicConfirmed(final int topic) {
    }

    /**
     * The topic is forgotten at position {@code p}: no event of it follows, and its number may be used again for
     * another topic, or for the same one when it returns. A reader that keeps nothing by topic need not know.
     */
    default void onTopicForgotten(final int topic, final long p) {
    }

    /**
     * A name that has no topic cannot be served, for a reason. The name is unescaped UTF-8 in {@code payloads}. A
     * reader without subscribers need not know.
     */
    default void onNameRefused(final int channel, final byte[] payloads, final int offset, final int length,
            final String reason, final long sinceUs) {
    }

    /**
     * A feed comes; its first topic or state follows. If it is in the place of one that was there, all topics of that
     * are forgotten. A reader that keeps nothing by feed need not know.
     */
    default void onFeed(final FeedIntroduction feed) {
    }

    /**
     * The numbers of another relay begin: nothing of what was handed over before is true any more, and its feeds take
     * the places of those that were there. A reader that keeps nothing need not know.
     */
    default void onEpoch(final RelayedEpoch begun) {
    }

    /**
     * Everything of another relay up to position {@code p} was handed over. Before, a topic may lack an update that is
     * a part of a later one. A reader that tells no client how far it is need not know.
     */
    default void onComplete(final long p) {
    }

    /**
     * The feed with that number changed its state at position {@code p}. {@code retryInMs} is negative when unknown.
     */
    void onFeedState(int feed, FeedState state, String reason, long sinceUs, long retryInMs, long p);

    /**
     * The handling of an event threw {@code failure}; the event is skipped. {@code topic} may lack it, or is
     * {@link #NO_TOPIC}. What is thrown here ends the poll.
     */
    default void onFailure(final int topic, final Throwable failure) {
        throw new IllegalStateException("an event of the ring could not be handled", failure);
    }
}
