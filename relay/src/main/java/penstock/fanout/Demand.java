package penstock.fanout;

import java.util.List;

/**
 * Hears which symbols the subscribers of a shard name, so that a feed can be asked for what is wanted and nothing else. Called on the
 * shard's io thread; must not block.
 */
public interface Demand {
    /** Of a feed that does not care. */
    Demand NONE = new Demand() {
        @Override
        public void wanted(final int channel, final List<String> symbols) {
        }

        @Override
        public void unwanted(final int channel, final List<String> symbols) {
        }
    };

    /** These are named by a subscription of the shard, and were by none before. */
    void wanted(int channel, List<String> symbols);

    /** None names these any more. */
    void unwanted(int channel, List<String> symbols);
}
