package penstock.venue.spec;

import java.util.ArrayList;
import java.util.List;
import penstock.config.ConfigSection;
import penstock.config.KeyTable;
import penstock.config.KeyTable.ChoiceKey;
import penstock.config.KeyTable.DurationKey;
import penstock.config.KeyTable.FlagKey;
import penstock.ring.ConflationClass;
import penstock.time.OpenHours;

/** Reads the channels of a venue file. Stateless. */
public final class ChannelReader {
    /** The form of the name of a channel. */
    static final String NAME = "[a-z][a-z0-9-]{0,63}";
    /** The keys of {@code channels.NAME}. */
    public static final KeyTable KEYS = KeyTable.of("channels.NAME").include("", OpenHours.KEYS.with("open",
        "as in `connection.idle`", "Weekly hours of the channel, if they are not those of the connection."));
    private static final ChoiceKey<ConflationClass> CLASS =
        KEYS.choice("class", ConflationClass.LAST_VALUE, "How updates are conflated: see [classes](protocol.md#data).");
    private static final FlagKey DEFAULT = KEYS.flag("default", false,
        "The channel of a subscription that names none.");
    private static final String ADDRESS = KEYS.key("address", "text", KeyTable.NONE,
        "The name in `connection.addresses` of where the venue has the channel; without it that is at "
        + "`connection.urls`.");
    private static final String INTERVALS = KEYS.key("intervals", "map of texts", KeyTable.NONE,
        "Intervals of candles → the venue's words, `{ 1m = 1min, 1h = 60min }`: what the file says of the "
        + "channel is written once and holds for each.");
    private static final String INTERVAL = KEYS.key("interval", "text", "required with `intervals`",
        "The interval of the channel itself. The others are channels of their own: `candle-1h`.");
    private static final DurationKey FIRST_VALUE = KEYS.duration("first-value", 0, 0, 86_400_000,
        "A requested topic without any value for longer, while the venue sends other topics of the channel, "
        + "becomes `stale` with the reason `no_value`, once; its first update makes it live. 0 = off.");
    private static final DurationKey SILENCE = KEYS.duration("silence", "off", 0, 1_000, 86_400_000,
        "A topic silent for longer, while another topic of the channel on the same connection is not, becomes "
        + "`stale` with the reason `silent`, once; its next update makes it live. For venues that repeat their "
        + "values. Not for class `event`.");
    private static final FlagKey QUIET = KEYS.flag("quiet", false,
        "The channel may be silent while its market is open. If all channels of the feed at one address may, "
        + "each frame of the venue, a heartbeat or a pong too, resets the watchdog of `idle.data`.");
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
        checkAddresses(root, channels);
        if (channels.isEmpty()) {
            root.problem("channels", "are missing; add: channels { quote { class = last-value, default = true } }");
        } else if (!channels.get(0).isDefault()) {
            root.problem("channels", "must have a default: add default = true to one of " + names(channels));
        }
        return List.copyOf(channels);
    }

    private static ChannelSpec channel(final ConfigSection section, final String name) {
        final ConfigSection written = section.section(name);
        if (!name.matches(NAME)) {
            section.problem(name, "must be a name of lower-case letters, digits and '-'");
        }
        // the channels of intervals are written out before
        if (!written.has(INTERVALS) && written.has(INTERVAL)) {
            written.problem(INTERVAL, "has no effect without intervals { 1m = 1min, 1h = 60min }");
        }
        final ConflationClass conflation = CLASS.read(written);
        final ChannelSpec.Silence silence = new ChannelSpec.Silence(FIRST_VALUE.readMs(written),
            silenceMs(written, conflation), OpenHours.readIfAny(written), QUIET.read(written));
        return new ChannelSpec(name, conflation, DEFAULT.read(written), silence,
            written.text(ADDRESS, ConnectionSpec.Endpoint.MAIN));
    }

    private static void checkAddresses(final ConfigSection root, final List<ChannelSpec> channels) {
        final ConfigSection addresses = root.section("connection").section(ConnectionSpec.ADDRESSES);
        for (final ChannelSpec channel : channels) {
            if (!channel.address().isEmpty() && !addresses.keys().contains(channel.address())) {
                root.section("channels").section(channel.name()).problem(ADDRESS, addresses.keys().isEmpty()
                    ? "needs connection.addresses { " + channel.address() + " = \"wss://…\" }"
                    : "must be one of connection.addresses " + addresses.keys() + ", got " + channel.address());
            }
        }
        for (final String name : addresses.keys()) {
            if (channels.stream().noneMatch(channel -> channel.address().equals(name))) {
                addresses.problem(name, "is no channel's address: add address = " + name + " to one, or remove it");
            }
        }
    }

    private static long silenceMs(final ConfigSection channel, final ConflationClass conflation) {
        if (conflation == ConflationClass.EVENT && channel.has(SILENCE.name())) {
            channel.problem(SILENCE.name(), "does not apply to class event: events have no schedule; remove it");
        }
        return conflation == ConflationClass.EVENT ? 0 : SILENCE.readMs(channel);
    }

    public static String names(final List<ChannelSpec> channels) {
        return String.join(", ", channels.stream().map(ChannelSpec::name).toList());
    }
}
