package penstock.fanout;

import java.util.List;

/**
 * Who must know what subscribers ask for, so that the venue is asked for that and no more. Told by each shard of its
 * own subscribers, on the shard's thread: only names asked for exactly count, of subscriptions that go on. A pattern
 * wants nothing by itself.
 */
public interface Interest {
    /** A feed that is asked for the same whoever wants it. */
    Interest NONE = new Interest() {
        @Override
        public void wanted(final int channel, final List<String> symbols) {
            // It is there, or it is not.
        }

        @Override
        public void unwanted(final int channel, final List<String> symbols) {
            // It stays.
        }
    };

    /** Names of that channel that no subscription of this shard asked for before. */
    void wanted(int channel, List<String> symbols);

    /** Names of that channel that no subscription of this shard asks for any more. */
    void unwanted(int channel, List<String> symbols);
}
