package penstock.feed;

import com.typesafe.config.ConfigObject;
import java.io.IOException;
import java.io.Reader;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;
import penstock.config.ConfigException;
import penstock.config.HoconReader;
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
            HeartbeatSpec heartbeat,
            List<Venue.TextRule> texts, List<Rule> rules, PointerTrie pointers, ReplaySpec replay, Set<String> missingVariables) {
    }

    static Venue load(final String nameOrPath, final Function<String, String> environment) {
        final String resource = FOLDER + nameOrPath + ".conf";
        final boolean isBundled = nameOrPath.matches("[A-Za-z0-9-]+") && VenueReader.class.getClassLoader().getResource(resource) != null;
        if (isBundled) {
            return venue(reader -> reader.resource(resource, "venues/" + nameOrPath + ".conf"), environment);
        }
        if (!nameOrPath.contains("/") && !nameOrPath.endsWith(".conf")) {
            throw new ConfigException(List.of(new Problem(nameOrPath, "",
                "no such venue; name one of " + String.join(", ", Venue.NAMES) + ", or give the path of a venue file")));
        }
        return venue(reader -> reader.file(Path.of(nameOrPath)), environment);
    }

    /** {@code place} stands before the line in messages. */
    static Venue read(final Reader source, final String place, final Function<String, String> environment) {
        final StringWriter text = new StringWriter();
        try {
            source.transferTo(text);
        } catch (final IOException e) {
            throw new UncheckedIOException(place, e);
        }
        return venue(reader -> reader.text(place, text.toString()), environment);
    }

    private static Venue venue(final Function<HoconReader, ConfigObject> read, final Function<String, String> environment) {
        final Problems problems = new Problems();
        final ConfigObject root = read.apply(new HoconReader(environment, problems));
        problems.throwIfAny();
        final Parts parts = parts(new Section(root, "", problems), new Variables(environment));
        problems.throwIfAny();
        return new Venue(parts);
    }

    private static Parts parts(final Section root, final Variables variables) {
        Later.refuse(root, "frame-seq");
        final String name = root.requiredText("name");
        final List<ChannelSpec> channels = ChannelReader.read(root);
        final ConnectionSpec connection = ConnectionSpec.read(root.section("connection"), variables);
        final List<SessionStep> session = new ArrayList<>();
        for (final Section step : root.sections("session")) {
            session.add(SessionStep.read(step, variables));
        }
        final SubscribeSpec subscribe = SubscribeSpec.read(root.section("subscribe"), channels, variables);
        final HeartbeatSpec heartbeat = HeartbeatSpec.read(root.section("heartbeat"), variables);
        final ReplaySpec replay = ReplaySpec.read(root.section("replay"), variables);
        final Section messages = root.section("messages");
        final PointerTrie.Builder pointers = new PointerTrie.Builder();
        final List<Venue.TextRule> texts = texts(messages);
        final List<Rule> rules = new RuleReader(channels, pointers).read(messages);
        messages.refuseUnknownKeys();
        root.refuseUnknownKeys();
        return new Parts(name, channels, connection, session, subscribe, heartbeat, texts, rules, pointers.build(), replay,
            variables.missing());
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
