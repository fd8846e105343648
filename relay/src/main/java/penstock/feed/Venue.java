package penstock.feed;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import penstock.config.ConfigException;
import penstock.feed.json.JsonScanner;
import penstock.feed.json.JsonValues;
import penstock.feed.json.Utf8;
import penstock.feed.rules.Expression;
import penstock.feed.rules.Text;
import penstock.feed.rules.TimeUnit;
import penstock.ring.Slices;

/**
 * A venue file, compiled: how to connect, log in and subscribe, and what each message means. A frame is walked once, with all
 * pointers of all rules; then the first rule whose conditions hold says what it is. No garbage per frame, unless a filter or an
 * escaped string takes part.
 *
 * <p>The specifications are immutable; {@code onText} and {@code onBinary} are owned by the feed thread.
 */
public final class Venue {
    /** The files that come with the relay. */
    public static final List<String> NAMES = List.of("binance", "demo", "json", "tradermade-v1");

    private final VenueReader.Parts parts;
    private final TextRule[] texts;
    private final Rule[] rules;
    private final JsonScanner scanner;
    private final Text text = new Text();
    private final Slices slices = new Slices();
    private long badTimes;

    /** A message that is known by its characters, JSON or not. */
    record TextRule(byte[] text, ControlKind control) {
        static TextRule of(final String text, final ControlKind control) {
            return new TextRule(text.getBytes(StandardCharsets.UTF_8), control);
        }

        boolean takes(final byte[] frame, final int offset, final int length) {
            return length == text.length && Arrays.equals(frame, offset, offset + length, text, 0, length);
        }
    }

    Venue(final VenueReader.Parts parts) {
        this.parts = parts;
        texts = parts.texts().toArray(TextRule[]::new);
        rules = parts.rules().toArray(Rule[]::new);
        scanner = new JsonScanner(parts.pointers());
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
        return VenueReader.load(nameOrPath, environment);
    }

    /** As the file says. */
    public String name() {
        return parts.name();
    }

    /** The default channel first; the place in this list is the channel's number. */
    public List<ChannelSpec> channels() {
        return parts.channels();
    }

    /** How to connect. */
    public ConnectionSpec connection() {
        return parts.connection();
    }

    /** The login, in order. */
    public List<SessionStep> session() {
        return parts.session();
    }

    /** How to subscribe. */
    public SubscribeSpec subscribe() {
        return parts.subscribe();
    }

    /** The venue's own signs of life. */
    public HeartbeatSpec heartbeat() {
        return parts.heartbeat();
    }

    /** The same rules with a memory of their own: what one connection has said means nothing on another. */
    Venue forConnection() {
        return new Venue(parts);
    }

    /** How a replay plays this venue. */
    public ReplaySpec replay() {
        return parts.replay();
    }

    /** Environment variables that the file needs and that are not set; to be told before anything is connected. */
    public Set<String> missingVariables() {
        return parts.missingVariables();
    }

    /** Times that could not be read, so far; their updates went out without one. Feed thread. */
    public long badTimes() {
        return badTimes;
    }

    /** Says what a text frame means; its bytes are valid UTF-8. */
    public void onText(final byte[] frame, final int offset, final int length, final long receivedNs, final VenueEvents events) {
        if (parts.connection().frames() == ConnectionSpec.Frames.BINARY && !isText(frame, offset, length)) {
            events.onUnmatched(frame, offset, length);
        } else {
            onMessage(frame, offset, length, events);
        }
    }

    /** Says what a binary frame means. */
    public void onBinary(final byte[] frame, final int offset, final int length, final long receivedNs, final VenueEvents events) {
        if (parts.connection().frames() == ConnectionSpec.Frames.TEXT) {
            events.onUnmatched(frame, offset, length);
            return;
        }
        final int badAt = Utf8.errorAt(frame, offset, length);
        if (badAt >= 0) {
            events.onNotJson(frame, offset, length, badAt - offset);
        } else {
            onMessage(frame, offset, length, events);
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

    private void onMessage(final byte[] frame, final int offset, final int length, final VenueEvents events) {
        for (final TextRule rule : texts) {
            if (rule.takes(frame, offset, length)) {
                events.onControl(rule.control(), frame, offset, length);
                return;
            }
        }
        if (!scanner.scan(frame, offset, length)) {
            events.onNotJson(frame, offset, length, scanner.errorAt() - offset);
            return;
        }
        for (final Rule rule : rules) {
            if (rule.match().holds(scanner.values(), text)) {
                onMatched(rule, frame, offset, length, events);
                return;
            }
        }
        events.onUnmatched(frame, offset, length);
    }

    private void onMatched(final Rule rule, final byte[] frame, final int offset, final int length, final VenueEvents events) {
        if (rule.control() != null) {
            events.onControl(rule.control(), frame, offset, length);
            return;
        }
        final JsonValues values = scanner.values();
        final long timeUs = time(rule, values);
        if (!values.isPresent(rule.emitSlot()) || !readKey(rule, values)) {
            events.onUnmatched(frame, offset, length);
            return;
        }
        slices.set(frame, offset, length, values.offset(rule.emitSlot()), values.length(rule.emitSlot()));
        events.onUpdate(rule.channel(), text.bytes(), text.offset(), text.length(), timeUs, slices);
    }

    private boolean readKey(final Rule rule, final JsonValues values) {
        for (final Expression key : rule.keys()) {
            if (key.read(values, text) && text.length() > 0) {
                return true;
            }
        }
        return false;
    }

    private long time(final Rule rule, final JsonValues values) {
        if (rule.time() == null || !rule.time().read(values, text)) {
            return TimeUnit.NONE;
        }
        final long timeUs = rule.unit().micros(text.bytes(), text.offset(), text.length());
        if (timeUs == TimeUnit.NONE) {
            badTimes++;
        }
        return timeUs;
    }
}
