package penstock.venue.spec;

import java.util.ArrayList;
import java.util.List;
import penstock.config.ConfigSection;
import penstock.ring.ConflationClass;
import penstock.time.OpenHours;

/** Reads the channels of a venue file. Stateless. */
public final class ChannelReader {
    private static final long DAY_MS = 24 * 3_600_000;

    private ChannelReader() {
    }

    /** All channels, the default channel first, then by name. */
    public static List<ChannelSpec> read(final ConfigSection root) {
        final ConfigSection section = root.section("channels");
        final List<ChannelSpec> channels = new ArrayList<>();
        for (final String name : section.keys()) {
            final ChannelSpec channel = channel(section, name);
            if (channel.isDefault() && !channels.isEmpty() && channels.get(0).isDefault()) {
                section.problem(name, "is default, and so is " + channels.get(0).name() + "; keep one of them");
            }
            channels.add(channel.isDefault() ? 0 : channels.size(), channel);
        }
        if (channels.isEmpty()) {
            root.problem("channels", "are missing; add: channels { quote { class = last-value, default = true } }");
        } else if (!channels.get(0).isDefault()) {
            root.problem("channels", "must have a default: add default = true to one of " + names(channels));
        }
        return List.copyOf(channels);
    }

    private static ChannelSpec channel(final ConfigSection section, final String name) {
        final ConfigSection written = section.section(name);
        if (!name.matches("[a-z][a-z0-9-]{0,63}")) {
            section.problem(name, "must be a name of lower-case letters, digits and '-'");
        }
        // the channels of intervals are written out before
        if (!written.has("intervals") && written.has("interval")) {
            written.problem("interval", "has no effect without intervals { 1m = 1min, 1h = 60min }");
        }
        final ConflationClass conflation = written.choice("class", ConflationClass.LAST_VALUE, ConflationClass.class);
        return new ChannelSpec(name, conflation, written.flag("default", false),
            written.durationMs("first-value", 0, 0, DAY_MS), silenceMs(written, conflation),
            OpenHours.readIfAny(written), written.flag("quiet", false));
    }

    private static long silenceMs(final ConfigSection channel, final ConflationClass conflation) {
        if (conflation == ConflationClass.EVENT && channel.has("silence")) {
            channel.problem("silence", "does not apply to class event: events have no schedule; remove it");
        }
        return conflation == ConflationClass.EVENT ? 0 : channel.durationMs("silence", 0, 1_000, DAY_MS);
    }

    public static String names(final List<ChannelSpec> channels) {
        return String.join(", ", channels.stream().map(ChannelSpec::name).toList());
    }
}
