package penstock.venue.spec;

import penstock.ring.ConflationClass;
import penstock.time.Hours;
import penstock.time.OpenHours;

/**
 * A kind of data of a feed. The position in the venue's list is the channel's number; the default channel has number 0.
 *
 * @param name       name for subscribers
 * @param conflation how the channel's topics may be conflated
 * @param isDefault  the channel of subscribers that name none
 * @param silence    what silence of the channel means
 * @param address    the name of the address where the venue has it
 */
public record ChannelSpec(String name, ConflationClass conflation, boolean isDefault, Silence silence,
        String address) {
    /**
     * What silence means.
     *
     * @param firstValueMs a topic without any value for longer, while others of the channel have one, is stale; 0 =
     *                     never
     * @param topicMs      a topic that is silent for longer, while other topics of the channel are not, is stale; 0 =
     *                     never
     * @param ownHours     when silence of the channel means something, null = as for the connection
     * @param isAllowed    the channel may be silent while its market is open
     */
    public record Silence(long firstValueMs, long topicMs, OpenHours ownHours, boolean isAllowed) {
    }

    /** A channel of the main address, with the hours of the connection. */
    public ChannelSpec(final String name, final ConflationClass conflation, final boolean isDefault,
            final long firstValueMs, final long silenceMs) {
        this(name, conflation, isDefault, new Silence(firstValueMs, silenceMs, null, false),
            ConnectionSpec.Endpoint.MAIN);
    }

    /** A channel whose topics may be silent. */
    public ChannelSpec(final String name, final ConflationClass conflation, final boolean isDefault) {
        this(name, conflation, isDefault, 0, 0);
    }

    /** See {@link Silence#firstValueMs}. */
    public long firstValueMs() {
        return silence.firstValueMs();
    }

    /** See {@link Silence#topicMs}. */
    public long silenceMs() {
        return silence.topicMs();
    }

    /** See {@link Silence#isAllowed}. */
    public boolean isQuiet() {
        return silence.isAllowed();
    }

    /** When silence of the channel means something; {@code ofConnection}: unless it has hours of its own. */
    public Hours hours(final Hours ofConnection) {
        return silence.ownHours() == null ? ofConnection : silence.ownHours();
    }
}
