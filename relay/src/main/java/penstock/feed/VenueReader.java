package penstock.feed;

import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigResolveOptions;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;
import penstock.config.ConfigException;
import penstock.config.Problem;
import penstock.config.Problems;
import penstock.config.Section;
import penstock.feed.json.PointerTrie;

/** Reads a venue file, all of it, and says everything that is wrong. Owned by the thread that reads the file. */
final class VenueReader {
    private static final String FOLDER = "penstock/venues/";

    private VenueReader() {
    }

    /** What a venue is made of. */
    record Parts(
            String name, List<ChannelSpec> channels, ConnectionSpec connection, List<SessionStep> session, SubscribeSpec subscribe,
            List<Venue.TextRule> texts, List<Rule> rules, PointerTrie pointers, ReplaySpec replay, Set<String> missingVariables) {
    }

    static Venue load(final String nameOrPath, final Function<String, String> environment) {
        try (InputStream bundled = bundled(nameOrPath)) {
            if (bundled != null) {
                return read(new InputStreamReader(bundled, StandardCharsets.UTF_8), "venues/" + nameOrPath + ".conf", environment);
            }
            final Path path = Path.of(nameOrPath);
            if (!Files.isRegularFile(path)) {
                throw unusable(nameOrPath,
                    "no such venue; name one of " + String.join(", ", Venue.NAMES) + ", or give the path of a venue file");
            }
            try (Reader reader = Files.newBufferedReader(path)) {
                return read(reader, nameOrPath, environment);
            }
        } catch (final IOException | InvalidPathException e) {
            throw unusable(nameOrPath, "can't be read: " + e);
        }
    }

    private static InputStream bundled(final String name) {
        return name.matches("[A-Za-z0-9-]+") ? VenueReader.class.getClassLoader().getResourceAsStream(FOLDER + name + ".conf") : null;
    }

    private static ConfigException unusable(final String place, final String message) {
        return new ConfigException(List.of(new Problem(place, "", message)));
    }

    /** {@code place} stands before the line in messages. */
    static Venue read(final Reader reader, final String place, final Function<String, String> environment) {
        final ConfigObject root;
        try {
            root = ConfigFactory.parseReader(reader, ConfigParseOptions.defaults().setOriginDescription(place))
                .resolve(ConfigResolveOptions.noSystem()).root();
        } catch (final com.typesafe.config.ConfigException e) {
            throw unusable(place, e.getMessage());
        }
        final Problems problems = new Problems();
        final Parts parts = parts(new Section(root, "", problems), new Variables(environment));
        problems.throwIfAny();
        return new Venue(parts);
    }

    private static Parts parts(final Section root, final Variables variables) {
        Later.refuse(root, "heartbeat", "frame-seq");
        final String name = root.requiredText("name");
        final List<ChannelSpec> channels = ChannelReader.read(root);
        final ConnectionSpec connection = ConnectionSpec.read(root.section("connection"), variables);
        final List<SessionStep> session = new ArrayList<>();
        for (final Section step : root.sections("session")) {
            session.add(SessionStep.read(step, variables));
        }
        final SubscribeSpec subscribe = SubscribeSpec.read(root.section("subscribe"), channels, variables);
        final ReplaySpec replay = ReplaySpec.read(root.section("replay"), variables);
        final Section messages = root.section("messages");
        final PointerTrie.Builder pointers = new PointerTrie.Builder();
        final List<Venue.TextRule> texts = texts(messages);
        final List<Rule> rules = new RuleReader(channels, pointers).read(messages);
        messages.refuseUnknownKeys();
        root.refuseUnknownKeys();
        return new Parts(name, channels, connection, session, subscribe, texts, rules, pointers.build(), replay, variables.missing());
    }

    private static List<Venue.TextRule> texts(final Section messages) {
        final List<Venue.TextRule> texts = new ArrayList<>();
        for (final Section section : messages.sections("text")) {
            final String equals = section.requiredText("equals");
            final RuleReader.As as = section.choice("as", RuleReader.As.IGNORE, RuleReader.As.class);
            if (as == RuleReader.As.DATA || !section.has("as")) {
                section.problem("as", "must say what the text is: " + String.join(", ", controls()));
            }
            section.refuseUnknownKeys();
            texts.add(Venue.TextRule.of(equals, as == RuleReader.As.DATA ? ControlKind.IGNORED : as.kind()));
        }
        return texts;
    }

    private static List<String> controls() {
        final List<String> names = new ArrayList<>();
        for (final RuleReader.As as : RuleReader.As.values()) {
            if (as != RuleReader.As.DATA) {
                names.add(as.name().toLowerCase(Locale.ROOT));
            }
        }
        return names;
    }
}
