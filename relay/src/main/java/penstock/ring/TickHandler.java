package penstock.ring;

/** What a shard does with the events of the feed, in the order in which they happened. Called on the shard's thread. */
public interface TickHandler {
    /**
     * A topic that was not there before; its first value, or its state, follows. The symbol is unescaped UTF-8 in
     * {@code payloads}.
     */
    void onTopic(int topic, int channel, byte[] payloads, int offset, int length);

    /** The newest value of a topic. */
    void onValue(Tick tick, byte[] payloads);

    /**
     * One topic changed its state at position {@code p}. Values before this call came before the change; one that comes
     * after it makes the topic live again by itself. {@code reason} is null when there is none to tell.
     */
    void onTopicState(int topic, TopicState state, String reason, long sinceUs, long p);

    /** The feed changed its state at position {@code p}. {@code retryInMs} is negative when unknown. */
    void onFeedState(FeedState state, String reason, long sinceUs, long retryInMs, long p);
}
