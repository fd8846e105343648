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
 * @param firstValueMs a topic without any value for longer, while others of the channel have one, is stale; 0 = never
 * @param silenceMs  a topic that is silent for longer, while other topics of the channel are not, is stale; 0 = never
 * @param ownHours   when silence of the channel means something, null = as for the connection
 * @param isQuiet    the channel may be silent while its market is open
 */
public record ChannelSpec(String name, ConflationClass conflation, boolean isDefault, long firstValueMs,
        long silenceMs, OpenHours ownHours, boolean isQuiet) {
    /** A channel with the hours of the connection. */
    public ChannelSpec(final String name, final ConflationClass conflation, final boolean isDefault,
            final long firstValueMs, final long silenceMs) {
        this(name, conflation, isDefault, firstValueMs, silenceMs, null, false);
    }

    /** A channel whose topics may be silent. */
    public ChannelSpec(final String name, final ConflationClass conflation, final boolean isDefault) {
        this(name, conflation, isDefault, 0, 0);
    }

    /** When silence of the channel means something; {@code ofConnection}: unless it has hours of its own. */
    public Hours hours(final Hours ofConnection) {
        return ownHours == null ? ofConnection : ownHours;
    }
}
