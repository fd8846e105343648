package penstock.venue;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import penstock.config.ConfigException;
import penstock.config.VenueSettings;
import penstock.json.Utf8;
import penstock.venue.book.BookSpec;
import penstock.venue.book.SnapshotSpec;
import penstock.venue.login.LoginValues;
import penstock.venue.replay.ReplaySpec;
import penstock.venue.rule.ByteSlice;
import penstock.venue.spec.ChannelSpec;
import penstock.venue.spec.CheckedSpec;
import penstock.venue.spec.ConnectionSpec;
import penstock.venue.spec.HeartbeatSpec;
import penstock.venue.spec.InstrumentsSpec;
import penstock.venue.spec.PayloadCodec;
import penstock.venue.spec.SessionStep;
import penstock.venue.spec.SubscribeSpec;
import penstock.venue.symbol.SymbolSpec;

/**
 * A venue file, compiled: how to connect, log in and subscribe, and how to interpret each message. A frame is scanned
 * once with all pointers of all rules; then the first rule that matches decides. No garbage per frame, unless a filter
 * or an escaped string is involved.
 *
 * <p>The specifications are immutable. The feed thread owns {@code onText} and {@code onBinary}.
 */
public final class Venue {
    private static final Login NO_LOGIN = (frame, offset, length) -> false;

    private final VenueReader.Parts parts;
    private final VenueCounts counts;
    private final TextRule[] texts;
    private final int maxTextBytes;
    private final FrameSplitter splitter;
    private final MessageInterpreter interpreter;
    private final ConnectionSpec.Framing framing;
    private final PayloadCodec payload;
    private final Supplier<Venue> copies;

    /** The login of a connection. */
    public interface Login {
        /** True if the login consumes the message. A message with a prefix is asked for with and without it. */
        boolean consumes(byte[] message, int offset, int length);
    }

    /** {@code copies} compiles the same file again; the copies share the counts. */
    Venue(final VenueReader.Parts parts, final VenueCounts counts, final Supplier<Venue> copies) {
        this.parts = parts;
        this.counts = counts;
        this.copies = copies;
        texts = parts.messages().texts().toArray(TextRule[]::new);
        maxTextBytes = parts.messages().texts().stream().mapToInt(rule -> rule.text().maxBytes()).max().orElse(-1);
        interpreter = new MessageInterpreter(parts.messages().program(), counts);
        framing = connection().framing();
        payload = framing.payload() == PayloadCodec.Kind.NONE ? null
            : new PayloadCodec(framing.payload(), framing.maxInflatedBytes());
        splitter = framing.split() == ConnectionSpec.Split.NONE && framing.strip().isEmpty() ? null
            : new FrameSplitter(framing.split(), framing.strip());
    }

    /**
     * Reads a venue file: a built-in file by its name, any other file by its path.
     *
     * @throws ConfigException with all problems of the file
     */
    public static Venue load(final String nameOrPath) {
        return load(nameOrPath, System::getenv);
    }

    /** Reads a venue file with this environment; {@code environment} returns null for a variable that is not set. */
    public static Venue load(final String nameOrPath, final Function<String, String> environment) {
        return load(nameOrPath, VenueSettings.DEFAULT, environment);
    }

    /** Reads a venue file with what the configuration of the feed says about it. */
    public static Venue load(final String nameOrPath, final VenueSettings settings,
            final Function<String, String> environment) {
        return VenueReader.load(nameOrPath, settings, environment);
    }

    /** True if prices and sizes of levels are published as numbers. */
    public boolean isNormalised() {
        return parts.messages().values() == VenueSettings.Values.NORMALISED;
    }

    /** The name that the file gives. */
    public String name() {
        return parts.identity().name();
    }

    /** How old the facts of the file are. */
    public CheckedSpec checked() {
        return parts.identity().checked();
    }

    /** All channels, the default channel first. The position in this list is the channel's number. */
    public List<ChannelSpec> channels() {
        return parts.channels();
    }

    /** The number of an existing channel. */
    public int channel(final String name) {
        return channels().stream().map(ChannelSpec::name).toList().indexOf(name);
    }

    /** How to connect. */
    public ConnectionSpec connection() {
        return parts.dialogue().connection();
    }

    /** The steps of the login, in order. */
    public List<SessionStep> session() {
        return parts.dialogue().session();
    }

    /** How the venue writes its symbols. */
    public SymbolSpec symbols() {
        return parts.dialogue().symbols();
    }

    /** The venue's list of instruments, null without one. */
    public InstrumentsSpec instruments() {
        return parts.dialogue().instruments();
    }

    /** How to subscribe. */
    public SubscribeSpec subscribe() {
        return parts.dialogue().subscribe();
    }

    /** The venue's own heartbeats. */
    public HeartbeatSpec heartbeat() {
        return parts.dialogue().heartbeat();
    }

    /** The same rules with separate state: what one connection has learned is meaningless on copies. */
    public Venue newInstance() {
        return copies.get();
    }

    /** The values that are read at each login. */
    public LoginValues login() {
        return parts.login();
    }

    /** How a replay plays this venue. */
    public ReplaySpec replay() {
        return parts.replay();
    }

    /** Environment variables that the file needs and that are not set; to be reported before connecting. */
    public Set<String> missingVariables() {
        return parts.missingVariables();
    }

    /** True if a lost message of this channel shows. If false, the number of gaps is unknown, not 0. */
    public boolean detectsGaps(final int channel) {
        return traits(channel).detectsGaps();
    }

    /** The names of the fields of a channel's values; null if bytes of the venue are published, too. */
    public Set<String> fields(final int channel) {
        return traits(channel).fields();
    }

    /** True if the updates of a channel carry numbers that are the same on every connection. */
    public boolean isNumbered(final int channel) {
        return traits(channel).isNumbered();
    }

    /** Properties of a channel's order books. */
    public BookSpec book(final int channel) {
        return traits(channel).bookSpec();
    }

    /** How books of a channel are asked for before any of their messages; null if they are not. */
    public SnapshotSpec quietSnapshot(final int channel) {
        return traits(channel).quietSnapshot();
    }

    private ChannelTraits traits(final int channel) {
        return parts.messages().program().channels()[channel];
    }

    /** The names of all rules. The position in this list is the rule's number. */
    public List<String> rules() {
        return parts.messages().ruleNames();
    }

    /** All counts so far, over all connections. Any thread. */
    public VenueCounts counts() {
        return counts;
    }

    /** During {@code onUpdate} of an order book: the venue's checksum, absent if the message has none. Feed thread. */
    public ByteSlice checksum() {
        return interpreter.checksum();
    }

    /** Likewise: rows of the message that are no levels; the book is wrong without them. Feed thread. */
    public int badLevels() {
        return interpreter.badLevels();
    }

    /**
     * During {@code onUpdate} and {@code onGap} of a topic: the first number of the message's range, or the number of
     * the message before it; {@link SequenceTracker#NONE} if the message has one number or none. Feed thread.
     */
    public long firstNumber() {
        return interpreter.firstNumber();
    }

    /** Likewise: the message's number, or the last of its range; {@link SequenceTracker#NONE} without one. */
    public long lastNumber() {
        return interpreter.lastNumber();
    }

    /** Likewise: true if the messages of the topic are numbered consecutively. Feed thread. */
    public boolean isConsecutive() {
        return interpreter.isConsecutive();
    }

    /** Likewise: true if the number identifies an event within its topic, on any connection. Feed thread. */
    public boolean isEventId() {
        return interpreter.isEventId();
    }

    /** Likewise: how the message's number follows the numbers before it on its connection. Feed thread. */
    public SequenceTracker.Verdict verdict() {
        return interpreter.verdict();
    }

    /** Likewise: the source of the topic's snapshot, null if it comes with the changes. Feed thread. */
    public SnapshotSpec snapshot() {
        return interpreter.snapshot();
    }

    /** Likewise: whether the messages of the rule may be snapshots that come without being asked for. Feed thread. */
    public boolean canBegin() {
        return interpreter.canBegin();
    }

    /** During {@code onControl} of an error: the delay that the venue asks for, -1 = none. Feed thread. */
    public long retryAfterMs() {
        return interpreter.retryAfterMs();
    }

    /** Notes from now on which places of the rules are found. */
    void cover(final RuleCoverage coverage) {
        interpreter.cover(coverage);
    }

    /** Drops everything learned on the last connection: it is meaningless on the new one. Feed thread. */
    public void onConnected() {
        interpreter.onConnected();
    }

    /** What follows is of the recorded connection of this number, of several in one stream. Feed thread. */
    public void onSource(final long source) {
        interpreter.onSource(source);
    }

    /** Restarts the numbers of a topic after a pause: messages missed meanwhile are no gap. Feed thread. */
    public void forget(final int channel, final byte[] symbol) {
        interpreter.forget(channel, symbol);
    }

    /** The message that subscribes to an item is sent: what comes of it next is of a new subscription. Feed thread. */
    public void begin(final SubscribeSpec.Item item) {
        for (int i = 0; i < channels().size(); i++) {
            if (subscribe().subscribes(item, channels().get(i).name())) {
                interpreter.begin(i, item.symbol().getBytes(StandardCharsets.UTF_8));
            }
        }
    }

    /**
     * The last update is of a symbol that the relay does not take: its sequence numbers are not kept, because a feed
     * can make up any number of symbols. Feed thread.
     */
    public void drop(final int channel) {
        interpreter.drop(channel);
    }

    /** Interprets a text frame; its bytes are valid UTF-8. */
    public void onText(final byte[] frame, final int offset, final int length, final long receivedNs,
            final VenueListener events) {
        onText(frame, offset, length, receivedNs, NO_LOGIN, events);
    }

    /** Interprets a text frame, except for the messages that the login consumes. */
    public void onText(final byte[] frame, final int offset, final int length, final long receivedNs,
            final Login login, final VenueListener events) {
        if (splitter == null) {
            onText(frame, offset, length, 0, login, events);
            return;
        }
        splitter.open(frame, offset, length);
        while (splitter.next()) {
            onText(frame, splitter.offset(), splitter.length(), splitter.prefix(), login, events);
        }
    }

    /** Interprets a binary frame. */
    public void onBinary(final byte[] frame, final int offset, final int length, final long receivedNs,
            final VenueListener events) {
        onBinary(frame, offset, length, receivedNs, NO_LOGIN, events);
    }

    /** Interprets a binary frame, except for the inflated messages that the login consumes. */
    public void onBinary(final byte[] frame, final int offset, final int length, final long receivedNs,
            final Login login, final VenueListener events) {
        if (framing.frames() == ConnectionSpec.Frames.TEXT) {
            events.onUnmatched(frame, offset, length);
            return;
        }
        final String problem = payload == null ? null : payload.decode(frame, offset, length);
        if (problem != null) {
            events.onUndecodable(frame, offset, length, problem);
            return;
        }
        onBytes(payload == null ? frame : payload.buffer(), payload == null ? offset : 0,
            payload == null ? length : payload.length(), login, events);
    }

    /** Interprets a message of a recording; recordings of binary venues are already inflated. */
    public void onRecorded(final byte[] message, final int offset, final int length, final VenueListener events) {
        onBytes(message, offset, length, NO_LOGIN, events);
    }

    /** {@code prefix}: bytes before the JSON of the message. */
    private void onText(final byte[] message, final int offset, final int length, final int prefix, final Login login,
            final VenueListener events) {
        if (isConsumed(message, offset, length, prefix, login)) {
            return;
        }
        if (framing.frames() == ConnectionSpec.Frames.BINARY && text(message, offset, length) == null) {
            events.onUnmatched(message, offset, length);
        } else {
            onMessage(message, offset, length, prefix, events);
        }
    }

    private void onBytes(final byte[] bytes, final int offset, final int length, final Login login,
            final VenueListener events) {
        if (splitter == null) {
            onBytes(bytes, offset, length, 0, login, events);
            return;
        }
        splitter.open(bytes, offset, length);
        while (splitter.next()) {
            onBytes(bytes, splitter.offset(), splitter.length(), splitter.prefix(), login, events);
        }
    }

    private void onBytes(final byte[] message, final int offset, final int length, final int prefix, final Login login,
            final VenueListener events) {
        if (isConsumed(message, offset, length, prefix, login)) {
            return;
        }
        final int badAt = Utf8.errorAt(message, offset, length);
        if (badAt >= 0) {
            events.onNotJson(message, offset, length, badAt - offset);
        } else {
            onMessage(message, offset, length, prefix, events);
        }
    }

    private static boolean isConsumed(final byte[] message, final int offset, final int length, final int prefix,
            final Login login) {
        return login.consumes(message, offset, length)
            || prefix > 0 && login.consumes(message, offset + prefix, length - prefix);
    }

    /** The rule of a text; null if the message is none of the texts. */
    private TextRule text(final byte[] message, final int offset, final int length) {
        for (int i = 0; length <= maxTextBytes && i < texts.length; i++) {
            if (texts[i].text().matches(message, offset, length)) {
                return texts[i];
            }
        }
        return null;
    }

    private void onMessage(final byte[] message, final int offset, final int length, final int prefix,
            final VenueListener events) {
        final TextRule text = text(message, offset, length);
        if (text == null) {
            interpreter.onMessage(message, offset + prefix, length - prefix, events);
        } else {
            events.onControl(text.control(), message, offset, length);
        }
    }
}
