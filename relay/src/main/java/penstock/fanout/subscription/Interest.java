package penstock.fanout.subscription;

import java.util.List;

/**
 * Receives what the subscribers of a shard ask for, so that the venue is asked for that and no more. Each shard calls
 * it on its own thread. Only symbols that a subscription names exactly count; patterns and mode once do not.
 */
public interface Interest {
    /** For a feed whose symbols are configured. */
    Interest NONE = new Interest() {
        @Override
        public void onAdded(final int channel, final List<String> symbols, final String client) {
            // the feed has it or not
        }

        @Override
        public void onRemoved(final int channel, final List<String> symbols) {
            // the feed keeps it
        }
    };

    /**
     * Symbols of that channel that got their first subscription of this shard, from a client of the network {@code
     * client}.
     */
    void onAdded(int channel, List<String> symbols, String client);

    /** Symbols of that channel that lost their last subscription of this shard. */
    void onRemoved(int channel, List<String> symbols);
}
