package penstock.venue;

import com.typesafe.config.ConfigObject;
import java.io.IOException;
import java.io.Reader;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import penstock.config.ConfigException;
import penstock.config.ConfigSection;
import penstock.config.HoconReader;
import penstock.config.KeyTable;
import penstock.config.Problem;
import penstock.config.Problems;
import penstock.config.VenueName;
import penstock.config.VenueSettings;
import penstock.venue.book.BookReader;
import penstock.venue.book.SnapshotSpec;
import penstock.venue.login.FetchedAnswers;
import penstock.venue.login.LoginValues;
import penstock.venue.plugin.VenuePlugins;
import penstock.venue.replay.ReplaySpec;
import penstock.venue.rule.EvaluationScope;
import penstock.venue.rule.LearnRule;
import penstock.venue.rule.MatchRule;
import penstock.venue.rule.PointerBindings;
import penstock.venue.spec.ChannelReader;
import penstock.venue.spec.ChannelSpec;
import penstock.venue.spec.CheckedSpec;
import penstock.venue.spec.ConnectionSpec;
import penstock.venue.spec.HeartbeatSpec;
import penstock.venue.spec.InstrumentsSpec;
import penstock.venue.spec.KindSpec;
import penstock.venue.spec.LoginSpec;
import penstock.venue.spec.SequenceSpec;
import penstock.venue.spec.SessionStep;
import penstock.venue.spec.SubscribeReader;
import penstock.venue.spec.SubscribeSpec;
import penstock.venue.spec.VenueVariables;
import penstock.venue.symbol.PublishedNames;
import penstock.venue.symbol.SymbolReader;
import penstock.venue.symbol.SymbolSpec;

/** Reads a complete venue file and reports all its problems. Owned by the thread that reads the file. */
public final class VenueReader {
    private static final KeyTable KEYS = KeyTable.of("");
    private static final String NAME = KEYS.key("name", "text", KeyTable.REQUIRED,
        "Name of the venue, shown to subscribers unless `feed.name` is set.");
    private static final String OPTIONS = KEYS.key("options", "map of texts", "`{}`",
        "Defaults for `${options.NAME}` in this file; `feed.options` overrides them.");
    private static final KeyTable FRAMES = KeyTable.of("frame-seq").include("",
        SequenceSpec.KEYS.withMeaning("As above.").with("scope", "`connection`", "Only `connection`."));
    private static final String FRAME = FRAMES.key("match", "conditions", "all frames", "Frames that carry a number.");
    private static final String FOLDER = "penstock/venues/";

    private VenueReader() {
    }

    /**
     * A venue file, read.
     *
     * @param missingVariables environment variables that the file needs and that are not set
     */
    record Parts(Identity identity, List<ChannelSpec> channels, Dialogue dialogue, Messages messages,
            ReplaySpec replay, LoginValues login, Set<String> missingVariables) {
    }

    /** Whose file it is, and how old its facts are. */
    record Identity(String name, CheckedSpec checked) {
    }

    /** What all connections of a feed share; {@code counts}: null before the first is compiled. */
    private record Shared(VenueCounts counts, FetchedAnswers answers) {
    }

    /** What the relay sends: how it connects, logs in, subscribes and keeps the connection alive. */
    record Dialogue(ConnectionSpec connection, List<SessionStep> session, SymbolSpec symbols,
            InstrumentsSpec instruments, SubscribeSpec subscribe, HeartbeatSpec heartbeat) {
    }

    /**
     * What the venue sends.
     *
     * @param texts     messages recognised by their characters
     * @param ruleNames by rule number
     * @param values    which values are published
     */
    record Messages(List<TextRule> texts, RuleProgram program, List<String> ruleNames,
            VenueSettings.Values values) {
    }

    /** All keys of a venue file, as its readers declare them, for people; tables of one object belong together. */
    public static List<KeyTable> keys() {
        return List.of(KEYS, CheckedSpec.KEYS, ConnectionSpec.KEYS, LoginSpec.KEYS, LoginValues.KEYS, SessionStep.KEYS,
            ChannelReader.KEYS, SymbolReader.KEYS, InstrumentsSpec.KEYS, SubscribeReader.KEYS, SubscribeReader.ACK_KEYS,
            HeartbeatSpec.KEYS, SymbolReader.MESSAGES, TextRule.KEYS, RuleReader.KEYS, DataRuleReader.KEYS,
            KindSpec.KEYS, LearnRule.KEYS, ErrorClassifier.KEYS, SequenceSpec.KEYS, FRAMES, BookReader.KEYS,
            SnapshotSpec.PROCEDURE_KEYS, SnapshotSpec.KEYS, VenuePlugins.KEYS, ReplaySpec.KEYS, ReplaySpec.PING_KEYS,
            ReplaySpec.ANSWER_KEYS);
    }

    public static Venue load(final String nameOrPath, final VenueSettings settings,
            final Function<String, String> environment) {
        final String resource = FOLDER + nameOrPath + ".conf";
        if (VenueName.isBuiltIn(nameOrPath)) {
            return venue(reader -> reader.resource(resource, "venues/" + nameOrPath + ".conf"), settings, environment);
        }
        if (!nameOrPath.contains("/") && !nameOrPath.endsWith(".conf")) {
            throw new ConfigException(List.of(new Problem(nameOrPath, "",
                "no such venue; " + VenueName.remedy(nameOrPath))));
        }
        return venue(reader -> reader.file(Path.of(nameOrPath)), settings, environment);
    }

    /** {@code place} precedes the line number in messages. */
    public static Venue read(final Reader source, final String place, final Function<String, String> environment) {
        return read(source, place, VenueSettings.DEFAULT, environment);
    }

    /** Likewise, with what the configuration of a feed says. */
    public static Venue read(final Reader source, final String place, final VenueSettings settings,
            final Function<String, String> environment) {
        final StringWriter text = new StringWriter();
        try {
            source.transferTo(text);
        } catch (final IOException e) {
            throw new UncheckedIOException(place, e);
        }
        return venue(reader -> reader.text(place, text.toString()), settings, environment);
    }

    private static Venue venue(final Function<HoconReader, ConfigObject> read, final VenueSettings settings,
            final Function<String, String> environment) {
        final Problems problems = new Problems();
        final ConfigObject root = read.apply(new HoconReader(environment, problems, settings.options()));
        problems.throwIfAny();
        final ConfigObject expanded = ChannelIntervals.expand(root, problems);
        problems.throwIfAny();
        return compile(expanded, environment, settings, new Shared(null, new FetchedAnswers()));
    }

    /** Compiles the rules again for each connection: rules hold state of their connection. */
    private static Venue compile(final ConfigObject root, final Function<String, String> environment,
            final VenueSettings settings, final Shared shared) {
        final Problems problems = new Problems();
        final Parts parts = parts(new ConfigSection(root, "", problems), new VenueVariables(environment), settings,
            shared.answers());
        problems.throwIfAny();
        final VenueCounts counts = shared.counts() != null ? shared.counts()
            : new VenueCounts(parts.channels().size(), parts.messages().ruleNames().size());
        return new Venue(parts, counts,
            () -> compile(root, environment, settings, new Shared(counts, shared.answers())));
    }

    private static Parts parts(final ConfigSection root, final VenueVariables variables,
            final VenueSettings settings, final FetchedAnswers answers) {
        final Identity identity = new Identity(root.requiredText(NAME), CheckedSpec.read(root));
        root.textMap(OPTIONS);
        final List<ChannelSpec> channels = ChannelReader.read(root);
        final ConnectionSpec connection = ConnectionSpec.read(root.section("connection"), variables);
        final List<SessionStep> session =
            root.sections("session").stream().map(step -> SessionStep.read(step, variables)).toList();
        final SymbolSpec symbols = SymbolReader.read(root.section("symbols"), root.section("messages"),
            settings.symbolNames(), settings.spelling() == VenueSettings.Spelling.VENUE);
        final SubscribeSpec subscribe =
            SubscribeReader.read(root.section("subscribe"), channels, symbols, variables);
        final HeartbeatSpec heartbeat = HeartbeatSpec.read(root.section("heartbeat"), variables);
        final ReplaySpec replay = ReplaySpec.read(root.section("replay"), variables);
        final List<TextRule> texts = TextRule.read(root.section("messages"), variables);
        final Messages messages =
            messages(root, texts, new DataRuleReader(channels, variables, settings), symbols);
        final List<HeartbeatSpec.Reply> replies =
            texts.stream().map(TextRule::reply).filter(Objects::nonNull).toList();
        final InstrumentsSpec instruments = InstrumentsSpec.read(root, variables);
        final LoginValues login = LoginValues.read(root, variables, answers);
        final Dialogue dialogue =
            new Dialogue(connection, session, symbols, instruments, subscribe, heartbeat.with(replies));
        return new Parts(identity, channels, dialogue, messages, replay, login, variables.missing());
    }

    private static Messages messages(final ConfigSection root, final List<TextRule> texts, final DataRuleReader data,
            final SymbolSpec symbols) {
        final ConfigSection section = root.section("messages");
        final PointerBindings bindings = new PointerBindings();
        final RuleReader reader = new RuleReader(data);
        final RuleProgram.FrameNumbers frames =
            root.has("frame-seq") ? frameNumbers(root.section("frame-seq"), bindings) : null;
        final VenueRule[] rules = reader.read(section, bindings);
        data.checkBeginnings(section);
        if (frames != null && frames.sequence().rule().detectsGaps()) {
            Arrays.setAll(data.traits(), i -> data.traits()[i].withFrameNumbers());
        }
        final EvaluationScope scope = bindings.scope(null);
        final RuleProgram program = new RuleProgram(bindings.scanner(), scope, rules,
            bindings.maps(), frames, symbols.isVerbatim() ? null : new PublishedNames(symbols), data.traits());
        return new Messages(texts, program, reader.names(), data.values());
    }

    private static RuleProgram.FrameNumbers frameNumbers(final ConfigSection section,
            final PointerBindings bindings) {
        final MatchRule match = section.has(FRAME) ? MatchRule.read(section, FRAME, bindings) : MatchRule.ALL;
        return new RuleProgram.FrameNumbers(
            SequenceSpec.read(section, bindings, SequenceSpec.Scope.CONNECTION), match);
    }
}
