package penstock.link;

import java.util.List;
import java.util.function.Consumer;
import penstock.link.message.MessageFields;
import penstock.ring.FeedState;
import penstock.ring.RelayedEpoch;
import penstock.ring.TopicState;
import penstock.ring.UpdateSlice;

/**
 * Where an edge publishes what it received: numbers and positions are those of the other relay, and positions never
 * fall within an epoch. Called on the feed thread.
 */
public interface LinkTarget {
    /** A connection has begun, and the other relay is one to follow; {@code socket} sends it a text, until the end. */
    default void onTalk(final Consumer<byte[]> socket) {
    }

    /** That connection has ended. */
    default void onTalkEnd() {
    }

    /** A message that may be none of data; returns whether it is not. */
    default boolean onWords(final String type, final MessageFields message) {
        return false;
    }

    /** The ids of the relays from the one with the venue's connection to the one that this link follows. */
    void hops(List<String> relays);

    /** The feeds of another relay begin; everything that was published before is void. */
    void relay(RelayedEpoch begun);

    /** Adds a topic; returns its number. The symbol is unescaped UTF-8. */
    int addTopic(int channel, byte[] symbol);

    /** The topic is gone, since position {@code p} or a little before. */
    void forgetTopic(int topic, long p);

    /** A name without a topic cannot be served. */
    void refuse(int channel, byte[] name, String reason, long sinceUs);

    /**
     * Publishes an update; its bytes are copied. Numbers are above those of the one of the topic before.
     *
     * @param missed how many updates right before it will never come: of channels of events
     * @throws IllegalArgumentException if it is larger than the ring can carry
     */
    void publish(int topic, long q, long p, long missed, long timeUs, long receivedNs, UpdateSlice update);

    /** Publishes the state of a topic since position {@code p}; {@code reason} may be null. */
    void topicState(int topic, TopicState state, String reason, long sinceUs, long p);

    /** The value of a topic is good though its feed was lost here after it, and is back. */
    void confirm(int topic);

    /** Publishes the state of a feed since position {@code p}; {@code retryInMs} is negative when unknown. */
    void feedState(int feed, FeedState state, String reason, long sinceUs, long retryInMs, long p);

    /** Everything up to position {@code p} was published. */
    void complete(long p);

    /** Ends a batch. */
    void flush();

    /** True while anything waits: {@link #flush()} must be called again soon. */
    boolean isBehind();
}
