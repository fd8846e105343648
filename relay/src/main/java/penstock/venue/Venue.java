package penstock.venue;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import penstock.config.ConfigException;
import penstock.json.Utf8;
import penstock.venue.plugin.VenuePlugins;
import penstock.venue.replay.ReplaySpec;
import penstock.venue.rule.ByteSlice;
import penstock.venue.spec.BookSpec;
import penstock.venue.spec.ChannelSpec;
import penstock.venue.spec.ConnectionSpec;
import penstock.venue.spec.ControlKind;
import penstock.venue.spec.HeartbeatSpec;
import penstock.venue.spec.PayloadCodec;
import penstock.venue.spec.SessionStep;
import penstock.venue.spec.SnapshotSpec;
import penstock.venue.spec.SubscribeSpec;

/**
 * A venue file, compiled: how to connect, log in and subscribe, and what each message means. A frame is walked once,
 * with all pointers of all rules; then the first rule whose conditions hold says what it is. No garbage per frame,
 * unless a filter or an escaped string takes part.
 *
 * <p>The specifications are immutable; {@code onText} and {@code onBinary} are owned by the feed thread.
 */
public final class Venue {
    /** The files that come with the relay. */
    public static final List<String> NAMES = List.of("alpaca", "binance", "bitfinex", "bitmex", "bitstamp", "bybit-v5",
        "coinbase-exchange", "demo", "deribit", "finnhub", "huobi", "json", "kraken-v1", "kraken-v2", "okx", "polygon",
        "tradermade-v1",
        "tradermade-v2", "twelvedata");

    private static final Login NO_LOGIN = (frame, offset, length) -> false;

    private final VenueReader.Parts parts;
    private final VenueCounts counts;
    private final TextRule[] texts;
    private final MessageInterpreter interpreter;
    private final ConnectionSpec.Framing framing;
    private final PayloadCodec payload;
    private final Supplier<Venue> another;

    /** A message that is known by its characters, JSON or not. */
    record TextRule(byte[] text, ControlKind control) {
        static TextRule of(final String text, final ControlKind control) {
            return new TextRule(text.getBytes(StandardCharsets.UTF_8), control);
        }

        boolean takes(final byte[] frame, final int offset, final int length) {
            return length == text.length && Arrays.equals(frame, offset, offset + length, text, 0, length);
        }
    }

    /** A login that is under way, or done. */
    public interface Login {
        /** True when the message belongs to it. */
        boolean takesForLogin(byte[] message, int offset, int length);
    }

    /** {@code another} compiles the same file again, and counts at the same place. */
    Venue(final VenueReader.Parts parts, final VenueCounts counts, final Supplier<Venue> another) {
        this.parts = parts;
        this.counts = counts;
        this.another = another;
        texts = parts.messages().texts().toArray(TextRule[]::new);
        interpreter = new MessageInterpreter(parts.messages().program(), counts);
        framing = connection().framing();
        payload = framing.payload() == PayloadCodec.Kind.NONE ? null
            : new PayloadCodec(framing.payload(), framing.maxInflatedBytes());
    }

    /**
     * Reads a venue file: one that comes with the relay by its name, any other by its path.
     *
     * @throws ConfigException with everything that is wrong in it
     */
    public static Venue load(final String nameOrPath) {
        return load(nameOrPath, System::getenv);
    }

    /** The same with another environment; {@code environment} gives null for a variable that is not set. */
    public static Venue load(final String nameOrPath, final Function<String, String> environment) {
        return load(nameOrPath, Map.of(), environment);
    }

    /** The same with {@code options} in place of those that the file has under {@code options}. */
    public static Venue load(final String nameOrPath, final Map<String, String> options,
            final Function<String, String> environment) {
        return VenueReader.load(nameOrPath, options, environment);
    }

    /** As the file says. */
    public String name() {
        return parts.name();
    }

    /** The default channel first; the place in this list is the channel's number. */
    public List<ChannelSpec> channels() {
        return parts.channels();
    }

    /** The number of a channel that there is. */
    public int channel(final String name) {
        return channels().stream().map(ChannelSpec::name).toList().indexOf(name);
    }

    /** How to connect. */
    public ConnectionSpec connection() {
        return parts.dialogue().connection();
    }

    /** The login, in order. */
    public List<SessionStep> session() {
        return parts.dialogue().session();
    }

    /** How to subscribe. */
    public SubscribeSpec subscribe() {
        return parts.dialogue().subscribe();
    }

    /** The venue's own signs of life. */
    public HeartbeatSpec heartbeat() {
        return parts.dialogue().heartbeat();
    }

    /**
     * The same rules with a memory of their own: what one connection has said means nothing on another that lives
     * beside it.
     */
    public Venue another() {
        return another.get();
    }

    /** What no file can say. */
    public VenuePlugins plugins() {
        return parts.plugins();
    }

    /** How a replay plays this venue. */
    public ReplaySpec replay() {
        return parts.replay();
    }

    /** Environment variables that the file needs and that are not set; to be told before anything is connected. */
    public Set<String> missingVariables() {
        return parts.missingVariables();
    }

    /** Whether a lost message of this channel shows; if not, the number of gaps is unknown, not 0. */
    public boolean detectsGaps(final int channel) {
        return traits(channel).detectsGaps();
    }

    /** Whether updates of a channel have numbers that are the same on every connection. */
    public boolean isNumbered(final int channel) {
        return traits(channel).isNumbered();
    }

    /** What is to be known of a channel's order books. */
    public BookSpec book(final int channel) {
        final BookRule book = traits(channel).book();
        return book == null ? BookSpec.NONE : book.spec();
    }

    private ChannelTraits traits(final int channel) {
        return parts.messages().program().channels()[channel];
    }

    /** The names of all rules; the place in this list is the rule's number. */
    public List<String> rules() {
        return parts.messages().ruleNames();
    }

    /** What was counted so far, on all connections. Any thread. */
    public VenueCounts counts() {
        return counts;
    }

    /** During {@code onUpdate} of an order book: the venue's checksum, absent if none came. Feed thread. */
    public ByteSlice checksum() {
        return interpreter.checksum();
    }

    /**
     * During {@code onUpdate} and {@code onGap} of a topic: where the range of the venue's numbers begins, or the
     * number that the message says it follows; {@link SequenceTracker#NONE} where it has only one number, or none. Feed
     * thread.
     */
    public long firstNumber() {
        return interpreter.firstNumber();
    }

    /** The same: the venue's number, or the last of a range; {@link SequenceTracker#NONE} without one. Feed thread. */
    public long lastNumber() {
        return interpreter.lastNumber();
    }

    /** The same: whether each message of the topic has the number after the last one's. Feed thread. */
    public boolean isCounted() {
        return interpreter.isCounted();
    }

    /** The same: where the topic's snapshot must be fetched, null where it comes by itself. Feed thread. */
    public SnapshotSpec snapshot() {
        return interpreter.snapshot();
    }

    /**
     * During {@code onControl} of an error: how long the venue wants us to wait, -1 if it says nothing. Feed thread.
     */
    public long retryAfterMs() {
        return interpreter.retryAfterMs();
    }

    /** What was learned on the last connection means nothing on the new one. Feed thread. */
    public void onConnected() {
        interpreter.onConnected();
    }

    /** A topic was not asked for on this connection for a while: what was missed meanwhile is no gap. Feed thread. */
    public void forget(final int channel, final byte[] symbol) {
        interpreter.forget(channel, symbol);
    }

    /** Says what a text frame means; its bytes are valid UTF-8. */
    public void onText(final byte[] frame, final int offset, final int length, final long receivedNs,
            final VenueListener events) {
        if (framing.frames() == ConnectionSpec.Frames.BINARY && !isText(frame, offset, length)) {
            events.onUnmatched(frame, offset, length);
        } else {
            onMessage(frame, offset, length, events);
        }
    }

    /** Says what a binary frame means. */
    public void onBinary(final byte[] frame, final int offset, final int length, final long receivedNs,
            final VenueListener events) {
        onBinary(frame, offset, length, receivedNs, NO_LOGIN, events);
    }

    /** Says what a binary frame means, unless its message, once inflated, belongs to a login. */
    public void onBinary(final byte[] frame, final int offset, final int length, final long receivedNs,
            final Login login,
            final VenueListener events) {
        if (framing.frames() == ConnectionSpec.Frames.TEXT) {
            events.onUnmatched(frame, offset, length);
            return;
        }
        final String problem = payload == null ? null : payload.decode(frame, offset, length);
        if (problem != null) {
            events.onUndecodable(frame, offset, length, problem);
        } else if (payload == null && !login.takesForLogin(frame, offset, length)) {
            onBytes(frame, offset, length, events);
        } else if (payload != null && !login.takesForLogin(payload.buffer(), 0, payload.length())) {
            onBytes(payload.buffer(), 0, payload.length(), events);
        }
    }

    /** Says what a message of a recording means: recordings of binary venues are inflated. */
    public void onRecorded(final byte[] message, final int offset, final int length, final VenueListener events) {
        onBytes(message, offset, length, events);
    }

    private void onBytes(final byte[] message, final int offset, final int length, final VenueListener events) {
        final int badAt = Utf8.errorAt(message, offset, length);
        if (badAt >= 0) {
            events.onNotJson(message, offset, length, badAt - offset);
        } else {
            onMessage(message, offset, length, events);
        }
    }

    private boolean isText(final byte[] frame, final int offset, final int length) {
        for (final TextRule rule : texts) {
            if (rule.takes(frame, offset, length)) {
                return true;
            }
        }
        return false;
    }

    private void onMessage(final byte[] frame, final int offset, final int length, final VenueListener events) {
        for (final TextRule rule : texts) {
            if (rule.takes(frame, offset, length)) {
                events.onControl(rule.control(), frame, offset, length);
                return;
            }
        }
        interpreter.onMessage(frame, offset, length, events);
    }
}
