package penstock.topic;

import penstock.ring.FeedState;

/**
 * A feed's state as a shard last received it. {@code version} grows with each change of any feed. {@code retryInMs} is
 * negative when unknown. Immutable.
 */
public record FeedStatus(FeedState state, String reason, long sinceUs, long retryInMs, long version) {
    /** The state as the protocol spells it. */
    public String spelling() {
        return state.spelling();
    }
}
